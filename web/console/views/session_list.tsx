// The list of sessions: only those that can be seen are in the document, however many there are.
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { isComposing } from '../../views/text_field';
import type { Console } from '../console';
import type { Filter } from '../model/sessions';
import { useSignal } from '../signal';
import { texts } from '../text/texts';
import { titleOf } from '../text/visitor';
import { Icon } from './icons';
import { optionId, rowHeight, SessionOption } from './session_row';

const overscan = 6;
const filters: readonly Filter[] = ['open', 'unread', 'closed'];
const words = texts.list;

export function SessionList({ app }: { app: Console }): JSX.Element {
  useSignal(app.inbox.signal, app.shell, app.banned.signal);
  const { inbox, desk } = app;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [cursorId, setCursorId] = useState<string | undefined>(undefined);
  const rows = inbox.shown;
  const cursor = rows.findIndex((row) => row.clientId === (cursorId ?? desk.active?.clientId));
  const now = app.now();
  const { above } = inbox;
  const aboveBefore = useRef(0);

  const look = (): void => {
    const element = scroller.current;
    if (!element) return;
    setView({ top: element.scrollTop, height: element.clientHeight });
    if (inbox.filter === 'closed' && element.scrollTop + 3 * element.clientHeight > element.scrollHeight) inbox.loadMore();
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const resizes = new ResizeObserver(look);
    resizes.observe(element);
    return () => resizes.disconnect();
  }, []);
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [inbox.filter, inbox.query, inbox.order]);
  // What came above the rows that are held pushes none of them away.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && above !== aboveBefore.current) element.scrollTop += (above - aboveBefore.current) * rowHeight;
    aboveBefore.current = above;
  }, [above]);

  const moveTo = (index: number): void => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    const element = scroller.current;
    if (!row || !element) return;
    setCursorId(row.clientId);
    const top = rows.indexOf(row) * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: cursor + 1, ArrowUp: cursor - 1, PageDown: cursor + page, PageUp: cursor - page, Home: 0, End: rows.length - 1,
    };
    const target = moves[event.key];
    const row = rows[cursor];
    if (target !== undefined) moveTo(target);
    else if ((event.key === 'Enter' || event.key === ' ') && row) {
      desk.show(row.clientId);
      // Who opens it by the keyboard goes on there.
      requestAnimationFrame(() => document.getElementById('composer')?.focus());
    }
    else return;
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(view.top / rowHeight) - overscan);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + overscan);
  const isShown = cursor >= first && cursor < last;
  return (
    <section class="list" role={app.showsListAlone ? 'main' : undefined} aria-label={words.label}>
      <h1 class="hidden">{words.label}</h1>
      <ListHead app={app} />
      <div
        ref={scroller}
        class="list-scroll"
        id="sessions"
        role="listbox"
        aria-label={words.of[inbox.filter]}
        tabIndex={0}
        aria-activedescendant={isShown ? optionId(cursor) : undefined}
        onScroll={look}
        onPointerMove={() => inbox.hold()}
        onPointerDown={() => inbox.hold()}
        onPointerLeave={() => inbox.letGo()}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (cursor < 0) moveTo(0);
        }}
      >
        <div class="list-space" role="presentation" ref={(element) => element?.style.setProperty('height', `${rows.length * rowHeight}px`)}>
          <div class="list-window" role="presentation" ref={(element) => element?.style.setProperty('transform', `translateY(${first * rowHeight}px)`)}>
            {rows.slice(first, last).map((row, i) => (
              <SessionOption key={row.clientId} app={app} row={row} index={first + i} count={rows.length} isCursor={first + i === cursor} now={now} />
            ))}
          </div>
        </div>
      </div>
      {rows.length === 0 && <Nothing app={app} />}
      {inbox.hasMoreOpen && inbox.filter !== 'closed' && <Partial app={app} />}
    </section>
  );
}

function ListHead({ app }: { app: Console }): JSX.Element {
  const { inbox } = app;
  return (
    <header class="list-head">
      <label class="search">
        <span class="hidden">{words.searchHelp}</span>
        <Icon name="search" />
        <input
          id="search"
          type="search"
          placeholder={words.search}
          autocomplete="off"
          spellcheck={false}
          value={inbox.query}
          onInput={(event) => inbox.search(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            const [row] = inbox.shown;
            if (event.key === 'Enter' && row) app.desk.show(row.clientId);
            if (event.key === 'Enter' && !row && inbox.query) void app.find(inbox.query);
            if (event.key === 'Escape') {
              inbox.search('');
              document.getElementById('sessions')?.focus();
            }
            if (event.key === 'ArrowDown') document.getElementById('sessions')?.focus();
          }}
        />
      </label>
      <div class="filters" role="group" aria-label={words.show}>
        {filters.map((filter) => (
          <button key={filter} type="button" class="filter" aria-pressed={inbox.filter === filter} onClick={() => inbox.choose(filter)}>
            {words.filters[filter]}
            {filter !== 'closed' && <span class="filter-count">{inbox.sessions.count(filter)}{inbox.hasMoreOpen && '+'}</span>}
          </button>
        ))}
        <button
          type="button"
          class="icon-button order"
          aria-label={words.orders.waiting}
          title={words.orders[inbox.order]}
          aria-pressed={inbox.order === 'waiting'}
          onClick={() => app.sort(inbox.order === 'waiting' ? 'newest' : 'waiting')}
        >
          <Icon name="order" />
        </button>
      </div>
    </header>
  );
}

function Nothing({ app }: { app: Console }): JSX.Element {
  const { query, filter, loaded, found } = app.inbox;
  if (query) {
    return (
      <div class="nothing">
        <p>{words.noMatch}</p>
        {found !== undefined && <button type="button" class="button" onClick={() => void app.find(found)}><bdi>{words.openNamed(titleOf(found, app.inbox.sessions.get(found)))}</bdi></button>}
      </div>
    );
  }
  if (!loaded) return <div class="nothing" role="status">{words.loading}</div>;
  return <div class="nothing"><p>{words.none[filter]}</p></div>;
}

// Not all of the open ones are here: an agent who searches has to know.
function Partial({ app }: { app: Console }): JSX.Element {
  return (
    <p class="list-partial">
      {words.partial(app.inbox.sessions.count('open'))}{' '}
      <button type="button" class="link-button" onClick={() => app.inbox.loadMore()}>{words.more}</button>
    </p>
  );
}
