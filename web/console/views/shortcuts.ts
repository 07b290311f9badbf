// The keyboard: what each key does, for the handler and for the sheet that `?` shows.
import type { Console } from '../console';
import type { Filter } from '../model/sessions';
import { saveTranscript } from './save_transcript';

export interface Shortcut {
  keys: readonly string[];
  does: string;
  run: (app: Console) => void;
  /** Needs a conversation to look at. */
  withConversation?: boolean;
}

const focus = (id: string): void => document.getElementById(id)?.focus();

function step(app: Console, by: 1 | -1): void {
  const rows = app.sessions.list(app.filter, app.query);
  const index = rows.findIndex((row) => row.clientId === app.active?.clientId);
  const next = rows[index < 0 ? 0 : Math.max(0, Math.min(index + by, rows.length - 1))];
  if (next) app.show(next.clientId);
}

const choose = (filter: Filter) => (app: Console): void => app.choose(filter);

export const shortcuts: readonly Shortcut[] = [
  { keys: ['j'], does: 'Next conversation', run: (app) => step(app, 1) },
  { keys: ['k'], does: 'Previous conversation', run: (app) => step(app, -1) },
  { keys: ['n'], does: 'The one that waits longest', run: longestWaiting },
  { keys: ['/'], does: 'Find a visitor', run: () => focus('search') },
  { keys: ['l'], does: 'To the list', run: () => focus('sessions') },
  { keys: ['r'], does: 'Write', run: () => focus('composer'), withConversation: true },
  { keys: ['m'], does: 'To the messages', run: () => focus('messages'), withConversation: true },
  { keys: ['1'], does: 'Open conversations', run: choose('open') },
  { keys: ['2'], does: 'Unread conversations', run: choose('unread') },
  { keys: ['3'], does: 'Closed conversations', run: choose('closed') },
  { keys: ['['], does: 'Previous tab', run: (app) => app.nextTab(-1), withConversation: true },
  { keys: [']'], does: 'Next tab', run: (app) => app.nextTab(1), withConversation: true },
  { keys: ['x'], does: 'Close the tab', run: (app) => app.active && app.closeTab(app.active.clientId), withConversation: true },
  { keys: ['e'], does: 'Close the conversation, or open it again', run: toggleClosed, withConversation: true },
  { keys: ['i'], does: 'Visitor details', run: (app) => app.toggleDetails(), withConversation: true },
  { keys: ['t'], does: 'Download the transcript', run: (app) => app.active && void saveTranscript(app, app.active), withConversation: true },
  { keys: ['b'], does: 'Ban the visitor (supervisors)', run: (app) => app.maySupervise && app.openDialog('ban'), withConversation: true },
  { keys: ['a'], does: 'Away, or back', run: (app) => app.setAway(!app.preferences.current.away) },
  { keys: ['?'], does: 'This sheet', run: (app) => app.openDialog('shortcuts') },
];

/** In text fields, and for everybody. */
export const fixedKeys: readonly Pick<Shortcut, 'keys' | 'does'>[] = [
  { keys: ['Enter'], does: 'Send; in the list: open' },
  { keys: ['Shift', 'Enter'], does: 'New line' },
  { keys: ['Esc'], does: 'Leave the field' },
  { keys: ['↑', '↓'], does: 'Move in the list' },
  { keys: ['Home', 'End'], does: 'First and newest message' },
];

export function onKey(app: Console, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (app.phase !== 'ready' || app.dialog || !app.preferences.current.shortcuts) return;
  const { target } = event;
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return;
  const shortcut = shortcuts.find(({ keys }) => keys.includes(event.key));
  if (!shortcut || (shortcut.withConversation && !app.active)) return;
  event.preventDefault();
  shortcut.run(app);
}

function longestWaiting(app: Console): void {
  let oldest: { clientId: string; waitingSince?: string | undefined } | undefined;
  for (const row of app.sessions.list('open')) {
    if (row.waitingSince && (!oldest?.waitingSince || row.waitingSince < oldest.waitingSince)) oldest = row;
  }
  if (oldest) app.show(oldest.clientId);
  else app.say('Nobody is waiting.');
}

function toggleClosed(app: Console): void {
  if (!app.active) return;
  const { clientId } = app.active;
  void (app.sessions.get(clientId)?.status === 'closed' ? app.reopenSession(clientId) : app.closeSession(clientId));
}
