// The console's frame: rail, list, tabs, conversation, details; on a narrow screen one of them at a time.
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import { titleOf, type Console } from '../console';
import { useSignal } from '../signal';
import { ConversationView } from './conversation_view';
import { Details } from './details';
import { Dialogs } from './dialogs';
import { Icon, IconButton } from './icons';
import { SessionList } from './session_list';
import { onKey } from './shortcuts';
import { SignIn } from './sign_in';

export function Shell({ app }: { app: Console }): JSX.Element {
  useSignal(app.shell, app.preferences.signal);
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(app, event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [app]);
  if (app.phase === 'signed-out') return <SignIn app={app} />;
  if (app.phase === 'starting') return <Starting app={app} />;

  const { active } = app;
  const details = app.showsDetails;
  return (
    <div class={`shell ${active ? 'has-conversation' : ''} ${details ? 'has-details' : ''}`}>
      <Rail app={app} />
      <SessionList app={app} />
      <main class="stage">
        <Tabs app={app} />
        {active ? <ConversationView key={active.clientId} app={app} conversation={active} /> : <Welcome />}
      </main>
      {active && details && <Details app={app} conversation={active} />}
      <Dialogs app={app} />
      {app.link === 'offline' && (
        <p class="banner" role="status">The connection is lost and is being restored. What you write is kept and sent then.</p>
      )}
      <p class={`notice ${app.notice ? 'is-shown' : ''}`} role="status">{app.notice}</p>
      <p class="hidden" aria-live="polite">{app.announcement}</p>
    </div>
  );
}

function Starting({ app }: { app: Console }): JSX.Element {
  return (
    <main class="starting">
      {app.failure ? (
        <div role="alert">
          <p>The server cannot be reached. It is tried again in a moment.</p>
          <button type="button" class="button" onClick={() => void app.start()}>Try again</button>
        </div>
      ) : (
        <p role="status" class="muted">Starting…</p>
      )}
    </main>
  );
}

// Statistics, search and offline forms will have their places below the first one.
function Rail({ app }: { app: Console }): JSX.Element {
  const { away } = app.preferences.current;
  return (
    <nav class="rail" aria-label="Console">
      <span class="rail-mark" aria-hidden="true"><Icon name="chat" /></span>
      <button type="button" class="rail-item" aria-current="page" title="Conversations" aria-label="Conversations" onClick={() => app.showList()}>
        <Icon name="inbox" />
      </button>
      <span class="rail-space" />
      <button
        type="button"
        class={`rail-item rail-presence ${away ? 'is-away' : ''}`}
        title={away ? 'Visitors see that you are not there. Click to be back.' : 'Visitors see that you are there. Click to be away.'}
        onClick={() => app.setAway(!away)}
      >
        <span class="presence-dot" />
        <span class="rail-label"><span class="hidden">You are </span>{away ? 'Away' : 'Available'}</span>
      </button>
      <IconButton icon="help" label="Keyboard shortcuts" class="rail-item" onClick={() => app.openDialog('shortcuts')} />
      <IconButton icon="settings" label="Settings" class="rail-item" onClick={() => app.openDialog('settings')} />
      {app.me?.username && (
        <span class="rail-me" title={`Signed in as ${app.me.username}`}>
          <span class="hidden">Signed in as </span>
          <bdi>{app.me.username.slice(0, 8)}</bdi>
        </span>
      )}
    </nav>
  );
}

function Tabs({ app }: { app: Console }): JSX.Element | null {
  useSignal(app.list);
  if (app.open.length === 0) return null;
  return (
    <nav class="tabs" aria-label="Open conversations">
      <ul>
        {app.open.map(({ clientId, draft }) => {
          const row = app.sessions.get(clientId);
          const title = titleOf(clientId, row);
          const unread = row?.unread.admin ?? 0;
          const isActive = app.active?.clientId === clientId;
          return (
            <li key={clientId} class={isActive ? 'tab is-active' : 'tab'}>
              <button type="button" class="tab-name" aria-current={isActive ? 'true' : undefined} title={title} onClick={() => app.show(clientId)}>
                {unread > 0 && <span class="tab-dot"><span class="hidden">Unread: </span></span>}
                <bdi>{title}</bdi>
                {draft !== '' && !isActive && <span class="muted"> (draft)</span>}
              </button>
              <button type="button" class="tab-close" aria-label={`Close the tab of ${title}`} onClick={() => app.closeTab(clientId)}>
                <Icon name="close" />
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Welcome(): JSX.Element {
  return (
    <div class="welcome">
      <Icon name="chat" />
      <h1>Choose a conversation</h1>
      <p class="muted">
        <kbd>j</kbd> and <kbd>k</kbd> walk through the list, <kbd>n</kbd> takes the one that waits longest, <kbd>?</kbd> shows all shortcuts.
      </p>
    </div>
  );
}
