// The messages of a conversation: a window onto a list that may be 100,000 long. Rows are as high as their
// text; those that were never shown are taken to be of middling height, and what is looked at stays where
// it is when they turn out to be higher.
import type { JSX } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { Heights } from '../model/heights';
import { useSignal } from '../signal';
import { texts } from '../text/texts';
import { IconButton } from './icons';
import { MessageRow, PendingRow } from './message_row';

const estimate = 64;
const overscan = 700; // pixels
const nearEnd = 48; // pixels
const fetchPause = 60; // milliseconds: who scrolls past something does not need it

export function MessageList({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  useSignal(conversation.signal);
  const scroller = useRef<HTMLDivElement>(null);
  const space = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const [heights] = useState(() => new Heights(estimate));
  const [range, setRange] = useState({ first: 0, last: 0 });
  const [atEnd, setAtEnd] = useState(conversation.place === undefined);
  const width = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const { thread, pending } = conversation;
  heights.count = thread.lastSeq + pending.length;
  const count = heights.count;

  // Which rows belong into the document.
  const look = useCallback((): void => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight } = element;
    const first = heights.indexAt(scrollTop - overscan);
    const last = Math.min(heights.count, heights.indexAt(scrollTop + clientHeight + overscan) + 1);
    setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => conversation.ensure(first + 1, last), fetchPause);
  }, [conversation, heights]);

  // Where the reader is, in terms that survive rows of another height above.
  const remember = useCallback((): void => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const end = scrollHeight - scrollTop - clientHeight < nearEnd;
    const index = heights.indexAt(scrollTop);
    conversation.place = end ? undefined : { seq: index + 1, offset: scrollTop - heights.offset(index) };
    setAtEnd(end);
  }, [conversation, heights]);

  const settle = useCallback((): void => {
    const [element, content, window] = [scroller.current, space.current, rows.current];
    if (!element || !content || !window) return;
    if (element.clientWidth !== width.current) {
      width.current = element.clientWidth;
      heights.clear();
    }
    for (const row of window.children) {
      if (row instanceof HTMLElement) heights.set(Number(row.dataset['index']), row.offsetHeight);
    }
    content.style.height = `${heights.total}px`;
    // A short conversation stands at the bottom, where it is written on.
    const lead = Math.max(0, element.clientHeight - heights.total);
    const first = Number((window.firstElementChild as HTMLElement | null)?.dataset['index'] ?? 0);
    window.style.transform = `translateY(${lead + heights.offset(first)}px)`;
    const { place } = conversation;
    const top = place ? heights.offset(place.seq - 1) + place.offset : heights.total - element.clientHeight;
    if (Math.abs(element.scrollTop - Math.max(0, top)) >= 1) element.scrollTop = top;
    look();
  }, [conversation, heights, look]);

  useLayoutEffect(settle);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const resizes = new ResizeObserver(settle);
    resizes.observe(element);
    if (rows.current) resizes.observe(rows.current); // a message that was folded shows more
    return () => {
      resizes.disconnect();
      clearTimeout(timer.current);
    };
  }, [settle]);

  const toEnd = (): void => {
    conversation.place = undefined;
    setAtEnd(true);
    settle();
  };
  const toStart = (): void => {
    conversation.place = { seq: 1, offset: 0 };
    setAtEnd(false);
    settle();
  };

  const shown: JSX.Element[] = [];
  const now = app.now();
  for (let index = Math.min(range.first, count); index < Math.min(range.last, count); index += 1) {
    const seq = index + 1;
    const waiting = pending[index - thread.lastSeq];
    shown.push(
      waiting && seq > thread.lastSeq ? (
        <PendingRow key={waiting.messageId} index={index} pending={waiting} conversation={conversation} />
      ) : (
        <MessageRow key={seq} index={index} count={count} conversation={conversation} message={thread.at(seq)} previous={thread.at(seq - 1)} next={thread.at(seq + 1)} now={now} />
      ),
    );
  }
  return (
    <div class="messages-frame">
      <div
        ref={scroller}
        class="messages"
        id="messages"
        role="feed"
        aria-label={texts.messages.label}
        aria-busy={conversation.status === 'loading'}
        tabIndex={0}
        onScroll={() => {
          remember();
          look();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Home') toStart();
          else if (event.key === 'End') toEnd();
          else return;
          event.preventDefault();
        }}
      >
        <div ref={space} class="messages-space" role="presentation">
          <div ref={rows} class="messages-window" role="presentation">{shown}</div>
        </div>
      </div>
      {!atEnd && <IconButton icon="down" label={texts.messages.toEnd} class="to-end" onClick={toEnd} />}
    </div>
  );
}
