// The console's frame: rail, list, tabs, conversation, details; on a narrow screen one of them at a time.
import type { JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

import type { Console } from '../console';
import { useSignal } from '../signal';
import { texts } from '../text/texts';
import { ConversationView } from './conversation_view';
import { Details } from './details';
import { Dialogs } from './dialogs';
import { Icon } from './icons';
import { Notice } from './notice';
import { Rail } from './rail';
import { SessionList } from './session_list';
import { onKey } from './shortcuts';
import { SignIn } from './sign_in';
import { Tabs } from './tabs';

export function Shell({ app }: { app: Console }): JSX.Element {
  useSignal(app.shell, app.preferences.signal);
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(app, event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [app]);
  if (app.phase === 'signed-out') return <SignIn app={app} />;
  if (app.phase === 'starting') return <Starting app={app} />;

  const { active } = app.desk;
  const details = app.showsDetails;
  return (
    <div class="frame">
      {/* What is to be announced needs a region that is there before it. */}
      <div role="status">{app.link === 'offline' && <p class="banner">{texts.link.lost}</p>}</div>
      <div class={`shell ${active ? 'has-conversation' : ''} ${details ? 'has-details' : ''}`}>
        <Rail app={app} />
        <SessionList app={app} />
        <main class="stage">
          <Tabs app={app} />
          {active ? <ConversationView key={active.clientId} app={app} conversation={active} /> : <Welcome />}
        </main>
        {active && details && <Details app={app} conversation={active} />}
      </div>
      <Dialogs app={app} />
      {!app.dialog && <Notice app={app} />}
      <div class="hidden" aria-live="polite">{app.announcer.list.map(({ number, text }) => <p key={number}>{text}</p>)}</div>
    </div>
  );
}

function Starting({ app }: { app: Console }): JSX.Element {
  return (
    <main class="starting">
      {app.failure ? (
        <div role="alert">
          <p>{texts.start.unreachable}</p>
          <button type="button" class="button" onClick={() => void app.start()}>{texts.start.again}</button>
        </div>
      ) : (
        <p role="status" class="muted">{texts.start.starting}</p>
      )}
    </main>
  );
}

function Welcome(): JSX.Element {
  return (
    <div class="welcome">
      <Icon name="chat" />
      <h1>{texts.welcome.title}</h1>
      <dl class="welcome-keys">
        <div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>{texts.welcome.walk}</dd></div>
        <div><dt><kbd>n</kbd></dt><dd>{texts.welcome.longest}</dd></div>
        <div><dt><kbd>?</kbd></dt><dd>{texts.welcome.all}</dd></div>
      </dl>
    </div>
  );
}
