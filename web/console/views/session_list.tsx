// The list of sessions: only those that can be seen are in the document, however many there are.
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Console } from '../console';
import type { Filter } from '../model/sessions';
import { useSignal } from '../signal';
import { Icon } from './icons';
import { optionId, rowHeight, SessionRow } from './session_row';

const overscan = 6;
const filters: readonly { filter: Filter; label: string }[] = [
  { filter: 'open', label: 'Open' },
  { filter: 'unread', label: 'Unread' },
  { filter: 'closed', label: 'Closed' },
];

export function SessionList({ app }: { app: Console }): JSX.Element {
  useSignal(app.list, app.shell);
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [cursorId, setCursorId] = useState<string | undefined>(undefined);
  const rows = app.sessions.list(app.filter, app.query);
  const cursor = rows.findIndex((row) => row.clientId === (cursorId ?? app.active?.clientId));
  const now = Date.now();

  const look = (): void => {
    const element = scroller.current;
    if (!element) return;
    setView({ top: element.scrollTop, height: element.clientHeight });
    if (app.filter === 'closed' && element.scrollTop + 3 * element.clientHeight > element.scrollHeight) app.loadClosed();
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
  }, [app.filter, app.query]);

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
      app.show(row.clientId);
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
    <section class="list" role={app.showsListAlone ? 'main' : undefined} aria-label="Conversations">
      <h1 class="hidden">Conversations</h1>
      <ListHead app={app} />
      <div
        ref={scroller}
        class="list-scroll"
        id="sessions"
        role="listbox"
        aria-label={`${filters.find((one) => one.filter === app.filter)?.label ?? ''} conversations`}
        tabIndex={0}
        aria-activedescendant={isShown ? optionId(cursor) : undefined}
        onScroll={look}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (cursor < 0) moveTo(0);
        }}
      >
        <div class="list-space" role="presentation" ref={(element) => element?.style.setProperty('height', `${rows.length * rowHeight}px`)}>
          <div class="list-window" role="presentation" ref={(element) => element?.style.setProperty('transform', `translateY(${first * rowHeight}px)`)}>
            {rows.slice(first, last).map((row, i) => (
              <SessionRow key={row.clientId} app={app} row={row} index={first + i} count={rows.length} isCursor={first + i === cursor} now={now} />
            ))}
          </div>
        </div>
      </div>
      {rows.length === 0 && <Nothing app={app} />}
    </section>
  );
}

function ListHead({ app }: { app: Console }): JSX.Element {
  return (
    <header class="list-head">
      <label class="search">
        <span class="hidden">Find by client id, name or e-mail</span>
        <Icon name="search" />
        <input
          id="search"
          type="search"
          placeholder="Find a visitor"
          autocomplete="off"
          spellcheck={false}
          value={app.query}
          onInput={(event) => app.search(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [row] = app.sessions.list(app.filter, app.query);
            if (event.key === 'Enter' && row) app.show(row.clientId);
            if (event.key === 'Enter' && !row && app.query) void app.find(app.query);
            if (event.key === 'Escape') {
              app.search('');
              document.getElementById('sessions')?.focus();
            }
            if (event.key === 'ArrowDown') document.getElementById('sessions')?.focus();
          }}
        />
      </label>
      <div class="filters" role="group" aria-label="Show">
        {filters.map(({ filter, label }) => (
          <button key={filter} type="button" class="filter" aria-pressed={app.filter === filter} onClick={() => app.choose(filter)}>
            {label}
            {filter !== 'closed' && <span class="filter-count">{app.sessions.count(filter)}</span>}
          </button>
        ))}
      </div>
    </header>
  );
}

function Nothing({ app }: { app: Console }): JSX.Element {
  const { query } = app;
  if (query) {
    return (
      <div class="nothing">
        <p>Nobody here matches.</p>
        <button type="button" class="button" onClick={() => void app.find(query)}>
          Open <bdi>“{query.slice(0, 60)}”</bdi>
        </button>
      </div>
    );
  }
  if (!app.loaded) return <div class="nothing" role="status">Loading…</div>;
  const texts: Record<Filter, string> = {
    open: 'No open conversations. New ones appear here by themselves.',
    unread: 'Everything is read.',
    closed: 'No closed conversations.',
  };
  return <div class="nothing"><p>{texts[app.filter]}</p></div>;
}
