// A message; a place where one is that has not come yet; a message that is on its way.
import type { JSX } from 'preact';

import type { Pending } from '../../client';
import type { Conversation } from '../conversation';
import type { Message } from '../../client';
import { texts } from '../text/texts';
import { clock, dayName, full, sameDay } from '../text/time';
import { RichText } from './rich_text';

const together = 3 * 60_000;
const words = texts.messages;

export interface MessageRowProps {
  index: number;
  count: number;
  conversation: Conversation;
  message: Message | undefined;
  previous: Message | undefined;
  next: Message | undefined;
  now: number;
}

export function MessageRow({ index, count, conversation, message, previous, next, now }: MessageRowProps): JSX.Element {
  if (!message) return <div class="row row-absent" data-index={index} aria-hidden="true"><span class="bubble" /></div>;
  const { sender, createdAt, erased } = message;
  const newDay = index === 0 || (previous !== undefined && !sameDay(previous.createdAt, createdAt));
  const continues = !newDay && previous !== undefined && belongTogether(previous, message);
  const who = sender === 'admin' ? words.agent : words.visitor;
  return (
    <article
      class={`row row-${sender} ${continues ? 'is-continued' : ''}`}
      data-index={index}
      data-seq={message.seq}
      tabIndex={-1}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={words.at(who, clock(createdAt))}
    >
      {newDay && <div class="day"><span>{dayName(createdAt, now)}</span></div>}
      <div class="bubble" dir="auto" title={full(createdAt)}>
        {erased ? <em class="muted">{words.erased}</em> : <RichText text={message.message} />}
      </div>
      <div class={next && belongTogether(message, next) ? 'row-foot hidden' : 'row-foot'}>
        <time dateTime={createdAt} title={full(createdAt)}>{clock(createdAt)}</time>
        {sender === 'admin' && <span class="row-state">{conversation.thread.isRead(message) ? words.read : words.sent}</span>}
      </div>
    </article>
  );
}

// One after the other, without a pause: the time stands below the last one.
function belongTogether(one: Message, other: Message): boolean {
  return one.sender === other.sender && sameDay(one.createdAt, other.createdAt)
    && Date.parse(other.createdAt) - Date.parse(one.createdAt) < together;
}

export interface PendingRowProps {
  index: number;
  pending: Pending;
  conversation: Conversation;
}

export function PendingRow({ index, pending, conversation }: PendingRowProps): JSX.Element {
  const { messageId, message, refused } = pending;
  return (
    <article class={`row row-admin row-pending ${refused ? 'is-refused' : ''}`} data-index={index} aria-label={words.unsent}>
      <div class="bubble" dir="auto"><RichText text={message} /></div>
      <div class="row-foot">
        {refused ? (
          <>
            <span class="problem" role="alert">{words.refusals[refused] ?? words.refused}</span>
            <button type="button" class="link-button" onClick={() => conversation.retry(messageId)}>{words.retry}</button>
            <button type="button" class="link-button" onClick={() => conversation.discard(messageId)}>{words.discard}</button>
          </>
        ) : (
          <span>{words.sending}</span>
        )}
      </div>
    </article>
  );
}
