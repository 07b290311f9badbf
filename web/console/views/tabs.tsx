// The conversations that are open, as tabs above the one that is looked at.
import type { JSX } from 'preact';

import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { useSignal } from '../signal';
import { texts } from '../text/texts';
import { titleOf } from '../text/visitor';
import { Icon } from './icons';

export function Tabs({ app }: { app: Console }): JSX.Element | null {
  useSignal(app.inbox.signal, app.banned.signal);
  const { open } = app.desk;
  if (open.length === 0) return null;
  return (
    <nav class="tabs" aria-label={texts.tabs.label}>
      <ul>{open.map((conversation) => <Tab key={conversation.clientId} app={app} conversation={conversation} />)}</ul>
    </nav>
  );
}

function Tab({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  const { clientId, draft } = conversation;
  const row = app.inbox.sessions.get(clientId);
  const title = titleOf(clientId, row);
  const isActive = app.desk.active === conversation;
  return (
    <li class={isActive ? 'tab is-active' : 'tab'}>
      <button type="button" class="tab-name" aria-current={isActive ? 'true' : undefined} title={title === clientId ? title : `${title} (${clientId})`} onClick={() => app.desk.show(clientId)}>
        {row && row.unread.admin > 0 && <span class="tab-dot"><span class="hidden">{texts.tabs.unread}</span></span>}
        <bdi>{title}</bdi>
        {app.banned.of(clientId) && <span class="tab-mark tab-banned"><Icon name="ban" /><span class="hidden">{texts.tabs.banned}</span></span>}
        {draft !== '' && !isActive && <span class="tab-mark"><Icon name="pencil" /><span class="hidden">{texts.tabs.draft}</span></span>}
      </button>
      <button type="button" class="tab-close" aria-label={texts.tabs.close(title)} onClick={() => app.closeTab(clientId)}>
        <Icon name="close" />
      </button>
    </li>
  );
}
