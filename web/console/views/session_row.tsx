// One session in the list.
import type { JSX } from 'preact';

import { cut } from '../../views/cut';
import type { Console } from '../console';
import type { SessionRow } from '../model/types';
import { texts } from '../text/texts';
import { brief, duration, full } from '../text/time';
import { titleOf, whereabouts } from '../text/visitor';
import { Avatar } from './avatar';
import { Icon } from './icons';

export const rowHeight = 76;
const longWait = 5 * 60_000;
const words = texts.row;

export interface SessionOptionProps {
  app: Console;
  row: SessionRow;
  index: number;
  count: number;
  isCursor: boolean;
  now: number;
}

export function SessionOption({ app, row, index, count, isCursor, now }: SessionOptionProps): JSX.Element {
  const { clientId, lastMessage, unread, waitingSince } = row;
  const title = titleOf(clientId, row);
  const online = app.isOnline(clientId);
  const isActive = app.desk.active?.clientId === clientId;
  const isBanned = app.banned.of(clientId) !== undefined;
  const waits = isBanned ? undefined : waitingSince; // for no one who may not read the answer
  const classes = ['session', unread.admin > 0 && 'is-unread', waits && 'is-waiting', isActive && 'is-active', isCursor && 'is-cursor'];
  return (
    <div
      id={optionId(index)}
      class={classes.filter(Boolean).join(' ')}
      role="option"
      aria-selected={isActive}
      aria-setsize={count}
      aria-posinset={index + 1}
      onClick={() => app.desk.show(clientId)}
    >
      <Avatar name={title} id={clientId} online={online} />
      <span class="session-main">
        <span class="session-line">
          <bdi class="session-title">{title}</bdi>
          {online && <span class="hidden">{words.online}</span>}
          {lastMessage && (
            <time class="session-time" dateTime={lastMessage.createdAt} title={full(lastMessage.createdAt)}>
              {brief(lastMessage.createdAt, now)}
            </time>
          )}
        </span>
        <span class="session-line">
          <LastLine row={row} isTyping={app.inbox.typists.isTyping(clientId, Date.now())} draft={isActive ? '' : app.desk.drafts.get(clientId)} isOwn={app.desk.own.isOwn(clientId, lastMessage?.seq ?? 0)} />
          {unread.admin > 0 && (
            <span class="badge">
              {unread.admin > 99 ? '99+' : unread.admin}
              <span class="hidden">{words.unread}</span>
            </span>
          )}
        </span>
        <span class="session-line session-foot">
          {isBanned && <span class="tag tag-danger">{words.banned}</span>}
          <bdi class="session-place" title={clientId}>{whereabouts(clientId, row)}</bdi>
          {waits && <Waiting since={waits} now={now} />}
        </span>
      </span>
    </div>
  );
}

export function optionId(index: number): string {
  return `session-${index}`;
}

// Who types, what the agent has begun to write, or what was said last.
function LastLine({ row: { lastMessage }, isTyping, draft, isOwn }: { row: SessionRow; isTyping: boolean; draft: string; isOwn: boolean }): JSX.Element {
  if (isTyping) return <span class="session-typing">{words.typing}</span>;
  if (draft.trim() !== '') {
    return (
      <span class="session-text" dir="auto">
        <span class="session-draft">{words.draft}</span>{firstLine(draft)}
      </span>
    );
  }
  if (!lastMessage) return <span class="session-text">{words.empty}</span>;
  return (
    <span class="session-text" dir="auto">
      {lastMessage.sender === 'admin' && (isOwn ? words.you : words.agent)}
      {lastMessage.erased ? <em>{words.erased}</em> : firstLine(lastMessage.message)}
    </span>
  );
}

function Waiting({ since, now }: { since: string; now: number }): JSX.Element {
  const waits = now - Date.parse(since);
  return (
    <span class={`session-wait ${waits >= longWait ? 'is-long' : ''}`} title={words.waitingSince(full(since))}>
      <Icon name="clock" />{words.waiting(duration(waits))}
    </span>
  );
}

// A list shows little of a message of 64 KiB: the browser need not lay out the rest.
function firstLine(text: string): string {
  return cut(text, 200).replace(/\s+/g, ' ');
}
