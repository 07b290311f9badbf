// The keyboard: what each key does, for the handler and for the sheet that `?` shows.
import { isComposing } from '../../views/text_field';
import type { Console } from '../console';
import type { Filter } from '../model/sessions';
import { texts } from '../text/texts';
import { saveTranscript } from './save_transcript';

export interface Shortcut {
  key: string;
  does: string;
  run: (app: Console) => void;
}

const focus = (id: string) => (): void => document.getElementById(id)?.focus();
const choose = (filter: Filter) => (app: Console): void => app.inbox.choose(filter);
const words = texts.shortcuts;

export const inList: readonly Shortcut[] = [
  { key: 'j', does: words.next, run: (app) => step(app, 1) },
  { key: 'k', does: words.previous, run: (app) => step(app, -1) },
  { key: 'n', does: words.longest, run: longestWaiting },
  { key: '/', does: words.find, run: focus('search') },
  { key: 'l', does: words.toList, run: focus('sessions') },
  { key: '1', does: words.open, run: choose('open') },
  { key: '2', does: words.unread, run: choose('unread') },
  { key: '3', does: words.closed, run: choose('closed') },
];

export const inConversation: readonly Shortcut[] = [
  { key: 'r', does: words.write, run: focus('composer') },
  { key: 'm', does: words.toMessages, run: focus('messages') },
  { key: 'e', does: words.toggleClosed, run: toggleClosed },
  { key: 'i', does: words.details, run: (app) => app.toggleDetails() },
  { key: 't', does: words.transcript, run: (app) => app.desk.active && void saveTranscript(app, app.desk.active) },
  { key: 'b', does: words.ban, run: (app) => app.maySupervise && app.openDialog('ban') },
  { key: '[', does: words.previousTab, run: (app) => app.desk.nextTab(-1) },
  { key: ']', does: words.nextTab, run: (app) => app.desk.nextTab(1) },
  { key: 'x', does: words.closeTab, run: (app) => app.desk.active && app.closeTab(app.desk.active.clientId) },
];

export const anywhere: readonly Shortcut[] = [
  { key: 'a', does: words.away, run: (app) => app.setAway(!app.preferences.current.away) },
  { key: '?', does: words.sheet, run: (app) => app.openDialog('shortcuts') },
];

/** For everybody, and in text fields. */
export const inFields: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['Enter'], does: words.enter },
  { keys: ['Shift', 'Enter'], does: words.newLine },
  { keys: ['Esc'], does: words.escape },
  { keys: ['↑', '↓'], does: words.arrows },
  { keys: ['Home', 'End'], does: words.ends },
];

export function onKey(app: Console, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isComposing(event)) return;
  if (app.phase !== 'ready' || app.dialog || !app.preferences.current.shortcuts) return;
  const { target } = event;
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return;
  const possible = [...inList, ...(app.desk.active ? inConversation : []), ...anywhere];
  const shortcut = possible.find(({ key }) => key === event.key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run(app);
}

function step(app: Console, by: 1 | -1): void {
  const rows = app.inbox.shown;
  const index = rows.findIndex((row) => row.clientId === app.desk.active?.clientId);
  const next = rows[index < 0 ? 0 : Math.max(0, Math.min(index + by, rows.length - 1))];
  if (next) app.desk.show(next.clientId);
}

function longestWaiting(app: Console): void {
  const row = app.inbox.sessions.longestWaiting();
  if (row) app.desk.show(row.clientId);
  else app.say(words.noneWaits);
}

function toggleClosed(app: Console): void {
  const clientId = app.desk.active?.clientId;
  if (clientId === undefined) return;
  void (app.inbox.sessions.get(clientId)?.status === 'closed' ? app.reopenSession(clientId) : app.closeSession(clientId));
}
