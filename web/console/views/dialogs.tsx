// The dialogs: the sheet of shortcuts, settings, a ban, the bans.
import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';

import { titleOf, type Console } from '../console';
import type { Ban } from '../model/types';
import type { Theme } from '../preferences';
import { useSignal } from '../signal';
import { full } from '../text/time';
import { Dialog } from './dialog';
import { fixedKeys, shortcuts } from './shortcuts';

export function Dialogs({ app }: { app: Console }): JSX.Element | null {
  switch (app.dialog) {
    case 'shortcuts':
      return <ShortcutSheet app={app} />;
    case 'settings':
      return <Settings app={app} />;
    case 'ban':
      return <BanDialog app={app} />;
    case 'bans':
      return <BanList app={app} />;
    default:
      return null;
  }
}

const close = (app: Console) => () => app.openDialog(undefined);

function ShortcutSheet({ app }: { app: Console }): JSX.Element {
  const sections = [
    { title: 'Anywhere outside of a text field', list: shortcuts },
    { title: 'Always', list: fixedKeys },
  ];
  return (
    <Dialog title="Keyboard shortcuts" class="dialog-wide" onClose={close(app)}>
      {sections.map(({ title, list }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl class="keys">
            {list.map(({ keys, does }) => (
              <div key={does} class="keys-row">
                <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p class="muted">Single letters can be turned off in the settings.</p>
    </Dialog>
  );
}

function Settings({ app }: { app: Console }): JSX.Element {
  useSignal(app.preferences.signal);
  const choices = app.preferences.current;
  return (
    <Dialog title="Settings" onClose={close(app)}>
      <div class="settings">
        <Switch label="Sound for new messages" on={choices.sound} onChange={(on) => app.setSound(on)} />
        <Switch label="Desktop notifications" on={choices.notifications} onChange={(on) => void app.setNotifications(on)} />
        <Switch label="Single letters as shortcuts" on={choices.shortcuts} onChange={(shortcuts) => app.preferences.choose({ shortcuts })} />
        <fieldset class="themes">
          <legend>Colours</legend>
          {(['system', 'light', 'dark'] satisfies Theme[]).map((theme) => (
            <label key={theme} class="theme">
              <input type="radio" name="theme" checked={choices.theme === theme} onChange={() => app.preferences.choose({ theme })} />
              {{ system: 'As the system', light: 'Light', dark: 'Dark' }[theme]}
            </label>
          ))}
        </fieldset>
      </div>
      <div class="dialog-actions">
        {app.maySupervise && <button type="button" class="button" onClick={() => app.openDialog('bans')}>Bans</button>}
        <button type="button" class="button" onClick={() => app.openDialog('shortcuts')}>Keyboard shortcuts</button>
        {app.me?.kind === 'agent' && <button type="button" class="button" onClick={() => void app.signOut()}>Sign out</button>}
      </div>
    </Dialog>
  );
}

function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return (
    <label class="switch">
      <span>{label}</span>
      <input type="checkbox" role="switch" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}

const hour = 3_600;
const durations: readonly { label: string; seconds: number | undefined }[] = [
  { label: 'One hour', seconds: hour },
  { label: 'One day', seconds: 24 * hour },
  { label: 'One week', seconds: 7 * 24 * hour },
  { label: 'Until it is lifted', seconds: undefined },
];

function BanDialog({ app }: { app: Console }): JSX.Element | null {
  const [reason, setReason] = useState('');
  const [choice, setChoice] = useState(1);
  const [busy, setBusy] = useState(false);
  const ids = { reason: useId(), time: useId() };
  const clientId = app.active?.clientId;
  if (!clientId) return null;
  const ban = async (): Promise<void> => {
    setBusy(true);
    const done = await app.ban(clientId, reason.trim(), durations[choice]?.seconds);
    setBusy(false);
    if (done) app.openDialog(undefined);
  };
  return (
    <Dialog title="Ban the visitor" onClose={close(app)}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void ban();
        }}
      >
        <p><bdi>{titleOf(clientId, app.sessions.get(clientId))}</bdi> can then neither read nor write in this conversation.</p>
        <label for={ids.reason}>Reason, for other agents</label>
        <input id={ids.reason} class="field" maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        <label for={ids.time}>For how long</label>
        <select id={ids.time} class="field" value={choice} onChange={(event) => setChoice(Number(event.currentTarget.value))}>
          {durations.map(({ label }, i) => <option key={label} value={i}>{label}</option>)}
        </select>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={close(app)}>Cancel</button>
          <button type="submit" class="button button-danger" disabled={busy}>Ban</button>
        </div>
      </form>
    </Dialog>
  );
}

function BanList({ app }: { app: Console }): JSX.Element {
  const [bans, setBans] = useState<readonly Ban[] | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const load = (): void => {
    app.bans().then(setBans, () => setFailed(true));
  };
  useEffect(load, []);
  return (
    <Dialog title="Bans" class="dialog-wide" onClose={close(app)}>
      {failed && <p class="problem" role="alert">The bans could not be loaded.</p>}
      {bans?.length === 0 && <p class="muted">Nobody is banned.</p>}
      <ul class="bans">
        {bans?.map((ban) => (
          <li key={ban.id}>
            <span>
              <bdi class="fact-mono">{ban.value}</bdi>
              <span class="muted">
                {ban.reason ? <bdi>{ban.reason}</bdi> : 'No reason given'}
                {ban.expiresAt ? `, until ${full(ban.expiresAt)}` : ', until it is lifted'}
              </span>
            </span>
            <button type="button" class="button" aria-label={`Lift the ban of ${ban.value}`} onClick={() => void app.lift(ban).then(load)}>Lift</button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
