// The messages: older ones come while scrolling up, the newest stays in sight unless the visitor reads
// further up.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';

import type { Conversation, Message, Pending } from '../../client';
import { lastOf, map } from '../../client/builtins';
import type { Texts } from '../contract';
import { sameDay, type Dates } from './dates';
import { Down } from './icons';
import { Bubble, type MessageState } from './message';

interface LogProps {
  conversation: Conversation;
  texts: Texts;
  dates: Dates;
  unreadFrom: number | undefined;
}

const nearEnd = 60; // pixels
const nearStart = 300;

export function Log({ conversation, texts, dates, unreadFrom }: LogProps): VNode {
  const { messages, pending, agentTyping } = conversation;
  const refused = conversation.status === 'refused';
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ first: 0, height: 0, own: 0 });
  // What comes after this came while it was looked at.
  const seenFirst = useRef<number>();
  if (conversation.status === 'ready') seenFirst.current ??= lastOf(messages)?.seq ?? 0;
  const [away, setAway] = useState(false);
  const [olderFailed, setOlderFailed] = useState(false);

  const loadOlder = (): void => {
    const element = scroller.current;
    if (!element || element.scrollTop > nearStart || !conversation.hasOlder) return;
    conversation.loadOlder().then(
      () => setOlderFailed(false),
      () => setOlderFailed(true),
    );
  };

  const toEnd = (smooth: boolean): void => {
    const element = scroller.current;
    if (!element) return;
    // Libraries of host pages have a scrollTo of their own, and assigning is what they leave alone.
    element.style.scrollBehavior = smooth ? 'smooth' : 'auto';
    element.scrollTop = element.scrollHeight;
  };

  // The place that the visitor looks at stays where it is when messages come in above.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const first = messages[0]?.seq ?? 0;
    const own = pending.length;
    const { height, first: firstBefore, own: ownBefore } = before.current;
    if (firstBefore > first && first > 0) element.scrollTop += element.scrollHeight - height;
    else if (atEnd.current || own > ownBefore) toEnd(false);
    before.current = { first, height: element.scrollHeight, own };
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // The keyboard of a phone, a rotation, or a growing text field make it smaller.
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd(false);
    });
    observer.observe(element);
    loadOlder();
    return () => observer.disconnect();
  }, [conversation]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    setAway(!atEnd.current);
    loadOlder();
  };

  return (
    <div class="log-frame">
      <div class="log" ref={scroller} onScroll={onScroll} role="region" aria-label={texts.messages} tabIndex={0}>
        {conversation.hasOlder && (
          <p class="older" role={olderFailed ? 'alert' : undefined}>
            {olderFailed ? texts.olderFailed : texts.older}
            {olderFailed && <button type="button" onClick={loadOlder}>{texts.retry}</button>}
          </p>
        )}
        <ol>
          {!conversation.hasOlder && (messages.length > 0 || !refused) && <li class="message theirs greeting"><div class="bubble"><span class="text">{texts.greeting}</span></div></li>}
          {map(messages, (message, index) => (
            <Line
              key={message.seq}
              {...{ conversation, texts, dates, message, unreadFrom }}
              previous={messages[index - 1]}
              arrived={message.sender === 'admin' && message.seq > (seenFirst.current ?? Infinity)}
            />
          ))}
          {map(pending, (one, index) => (
            <PendingLine key={one.messageId} {...{ conversation, texts, dates }} pending={one} follows={index > 0 || lastOf(messages)?.sender === 'client'} />
          ))}
        </ol>
        {agentTyping && (
          <div class="message theirs typing">
            <div class="bubble" role="img" aria-label={texts.typing}><i /><i /><i /></div>
          </div>
        )}
      </div>
      {away && (
        <button type="button" class="to-end" aria-label={texts.toEnd} title={texts.toEnd} onClick={() => toEnd(true)}>
          <Down />
        </button>
      )}
    </div>
  );
}

interface LineProps extends LogProps {
  message: Message;
  previous: Message | undefined;
  arrived: boolean;
}

function Line({ conversation, texts, dates, unreadFrom, message, previous, arrived }: LineProps): VNode {
  const date = new Date(message.createdAt);
  const newDay = !previous || !sameDay(date, new Date(previous.createdAt));
  const own = message.sender === 'client';
  return (
    <>
      {newDay && <li class="separator"><span>{dates.dayOf(date)}</span></li>}
      {message.seq === unreadFrom && <li class="separator new"><span>{texts.newMessages}</span></li>}
      <Bubble
        texts={texts}
        own={own}
        text={message.message}
        erased={message.erased}
        time={dates.timeOf(date)}
        dateTime={message.createdAt}
        state={own ? (conversation.isRead(message) ? 'read' : 'sent') : undefined}
        follows={!newDay && previous.sender === message.sender}
        arrived={arrived}
      />
    </>
  );
}

interface PendingProps extends Omit<LogProps, 'unreadFrom'> {
  pending: Pending;
  follows: boolean;
}

function PendingLine({ conversation, texts, dates, pending, follows }: PendingProps): VNode {
  const { messageId, message, refused, writtenAt } = pending;
  const date = new Date(writtenAt);
  const locked = conversation.status === 'refused';
  const state: MessageState = refused || locked ? 'failed' : conversation.link === 'offline' ? 'waiting' : 'sending';
  return (
    <Bubble texts={texts} own text={message} time={dates.timeOf(date)} dateTime={date.toISOString()} state={state} follows={follows}>
      {state === 'failed' && (
        <p class="failure" role="alert">
          <span>{reason(refused, texts)}</span>
          <span>
            {!locked && <button type="button" onClick={() => conversation.retry(messageId)}>{texts.retry}</button>}
            <button type="button" onClick={() => conversation.discard(messageId)}>{texts.discard}</button>
          </span>
        </p>
      )}
    </Bubble>
  );
}

function reason(code: string | undefined, texts: Texts): string {
  if (code === 'message_too_long' || code === 'body_too_large') return texts.tooLong;
  return /^(rate_limited|too_many_)/.test(code ?? '') ? texts.tooMany : texts.failed;
}
