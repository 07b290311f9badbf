// Where else one can go, and who one is: at the left, on a narrow screen below.
import type { JSX } from 'preact';

import type { Console } from '../console';
import { texts } from '../text/texts';
import { initials } from '../text/visitor';
import { Icon, type IconName } from './icons';

// Statistics, search and offline forms will have their places below the first one.
export function Rail({ app }: { app: Console }): JSX.Element {
  const { away } = app.preferences.current;
  const unseen = app.link === 'offline';
  const name = app.me?.username;
  return (
    <nav class="rail" aria-label={texts.rail.label}>
      <span class="rail-mark" aria-hidden="true"><Icon name="chat" /></span>
      <RailItem icon="inbox" label={texts.rail.conversations} isCurrent onClick={() => app.desk.lookAtNone()} />
      {app.maySupervise && <RailItem icon="ban" label={texts.rail.bans} class="rail-bans" onClick={() => app.openDialog('bans')} />}
      <span class="rail-space" />
      <button
        type="button"
        class={`rail-item rail-presence ${away || unseen ? 'is-away' : ''}`}
        title={unseen ? texts.rail.isUnseen : away ? texts.rail.beBack : texts.rail.beAway}
        onClick={() => app.setAway(!away)}
      >
        <span class="presence-dot" />
        <span class="rail-state"><span class="hidden">{texts.rail.youAre}</span>{unseen ? texts.rail.unseen : away ? texts.rail.away : texts.rail.available}</span>
      </button>
      <RailItem icon="help" label={texts.rail.shortcuts} class="rail-shortcuts" onClick={() => app.openDialog('shortcuts')} />
      <RailItem icon="settings" label={texts.rail.settings} onClick={() => app.openDialog('settings')} />
      {name && (
        <button type="button" class="rail-item rail-me" aria-label={texts.rail.accountOf(name)} title={texts.rail.accountOf(name)} onClick={() => app.openDialog('account')}>
          <span class="rail-initials" aria-hidden="true">{initials(name)}</span>
          <span class="rail-label" aria-hidden="true">{texts.rail.account}</span>
        </button>
      )}
    </nav>
  );
}

interface RailItemProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  class?: string;
  isCurrent?: boolean;
}

function RailItem({ icon, label, onClick, class: more = '', isCurrent = false }: RailItemProps): JSX.Element {
  return (
    <button type="button" class={`rail-item ${more}`} aria-current={isCurrent ? 'page' : undefined} title={label} onClick={onClick}>
      <Icon name={icon} />
      <span class="rail-label">{label}</span>
    </button>
  );
}
