// Who is signed in, what only they may do, and the way out.
import type { JSX } from 'preact';

import type { Console } from '../console';
import { texts } from '../text/texts';
import { initials } from '../text/visitor';
import { Dialog } from './dialog';

const words = texts.account;

export function Account({ app }: { app: Console }): JSX.Element {
  const { username = '', role = 'agent' } = app.me ?? {};
  return (
    <Dialog app={app} title={words.title}>
      <div class="account">
        <span class="account-mark" aria-hidden="true">{initials(username)}</span>
        <p>
          <bdi class="account-name">{username}</bdi>
          <span class="muted">{words.roles[role]}</span>
        </p>
      </div>
      <div class="dialog-actions">
        {app.maySupervise && <button type="button" class="button" onClick={() => app.openDialog('bans')}>{words.bans}</button>}
        <button type="button" class="button button-main" onClick={() => void app.signOut()}>{words.signOut}</button>
      </div>
    </Dialog>
  );
}
