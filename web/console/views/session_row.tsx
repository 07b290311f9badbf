// One session in the list.
import type { JSX } from 'preact';

import { titleOf, type Console } from '../console';
import type { Row } from '../model/sessions';
import { brief, duration, full } from '../text/time';
import { Avatar } from './avatar';

export const rowHeight = 76;
const longWait = 5 * 60_000;

export interface SessionRowProps {
  app: Console;
  row: Row;
  index: number;
  count: number;
  isCursor: boolean;
  now: number;
}

export function SessionRow({ app, row, index, count, isCursor, now }: SessionRowProps): JSX.Element {
  const { clientId, lastMessage, unread, waitingSince } = row;
  const title = titleOf(clientId, row);
  const online = app.online.has(clientId);
  const isTyping = app.typists.isTyping(clientId, now);
  const waits = waitingSince ? now - Date.parse(waitingSince) : 0;
  const classes = ['session', unread.admin > 0 && 'is-unread', app.active?.clientId === clientId && 'is-active', isCursor && 'is-cursor'];
  return (
    <div
      id={optionId(index)}
      class={classes.filter(Boolean).join(' ')}
      role="option"
      aria-selected={app.active?.clientId === clientId}
      aria-setsize={count}
      aria-posinset={index + 1}
      onClick={() => app.show(clientId)}
    >
      <Avatar name={title} id={clientId} online={online} />
      <span class="session-main">
        <span class="session-line">
          <bdi class="session-title">{title}</bdi>
          {online && <span class="hidden">, online</span>}
          {lastMessage && (
            <time class="session-time" dateTime={lastMessage.createdAt} title={full(lastMessage.createdAt)}>
              {brief(lastMessage.createdAt, now)}
            </time>
          )}
        </span>
        <span class="session-line">
          {isTyping ? (
            <span class="session-typing">is typing…</span>
          ) : (
            <span class="session-text" dir="auto">
              {lastMessage ? `${lastMessage.sender === 'admin' ? 'You: ' : ''}${firstLine(lastMessage.message)}` : 'No messages yet'}
            </span>
          )}
          {unread.admin > 0 && (
            <span class="badge">
              {unread.admin > 99 ? '99+' : unread.admin}
              <span class="hidden"> unread</span>
            </span>
          )}
        </span>
        <span class="session-line session-foot">
          {row.visitor?.name ? <bdi class="session-id">{clientId}</bdi> : <span class="session-id" />}
          {waitingSince && (
            <span class={`session-wait ${waits >= longWait ? 'is-long' : ''}`} title={`Waiting since ${full(waitingSince)}`}>
              waiting {duration(waits)}
            </span>
          )}
        </span>
      </span>
    </div>
  );
}

export function optionId(index: number): string {
  return `session-${index}`;
}

// A list shows little of a message of 64 KiB: the browser need not lay out the rest.
function firstLine(text: string): string {
  return text.slice(0, 200).replace(/\s+/g, ' ');
}
