// Banning a visitor, and the list of who is banned: for supervisors.
import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';

import type { Console } from '../console';
import type { Ban } from '../model/types';
import { texts } from '../text/texts';
import { full } from '../text/time';
import { titleOf } from '../text/visitor';
import { Dialog } from './dialog';

const words = texts.bans;
const hour = 3_600;
const durations: readonly { label: string; seconds: number | undefined }[] = [
  { label: words.times.hour, seconds: hour },
  { label: words.times.day, seconds: 24 * hour },
  { label: words.times.week, seconds: 7 * 24 * hour },
  { label: words.times.ever, seconds: undefined },
];

export function BanDialog({ app }: { app: Console }): JSX.Element | null {
  const [reason, setReason] = useState('');
  const [choice, setChoice] = useState(1);
  const [busy, setBusy] = useState(false);
  const ids = { reason: useId(), time: useId() };
  const clientId = app.desk.active?.clientId;
  if (clientId === undefined) return null;
  const close = (): void => app.openDialog(undefined);
  const ban = async (): Promise<void> => {
    setBusy(true);
    const done = await app.ban(clientId, reason.trim(), durations[choice]?.seconds);
    setBusy(false);
    if (done) close();
  };
  return (
    <Dialog app={app} title={words.title}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void ban();
        }}
      >
        <p><bdi>{titleOf(clientId, app.inbox.sessions.get(clientId))}</bdi>{words.explain}</p>
        <label for={ids.reason}>{words.reason}</label>
        <input id={ids.reason} class="field" maxLength={200} autofocus value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        <label for={ids.time}>{words.time}</label>
        <select id={ids.time} class="field" value={choice} onChange={(event) => setChoice(Number(event.currentTarget.value))}>
          {durations.map(({ label }, i) => <option key={label} value={i}>{label}</option>)}
        </select>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={close}>{words.cancel}</button>
          <button type="submit" class="button button-danger" disabled={busy}>{words.submit}</button>
        </div>
      </form>
    </Dialog>
  );
}

export function BanList({ app }: { app: Console }): JSX.Element {
  const [bans, setBans] = useState<readonly Ban[] | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const load = (): void => {
    app.banned.load().then(setBans, () => setFailed(true));
  };
  useEffect(load, []);
  return (
    <Dialog app={app} title={words.list} class="dialog-wide">
      {failed && <p class="problem" role="alert">{words.failed}</p>}
      {bans?.length === 0 && <p class="muted">{words.none}</p>}
      <ul class="bans">
        {bans?.map((ban) => (
          <li key={ban.id}>
            <span>
              <bdi class="fact-mono">{ban.value}</bdi>
              <span class="muted">
                {ban.reason ? <bdi>{ban.reason}</bdi> : words.noReason}
                {ban.expiresAt ? words.until(full(ban.expiresAt)) : words.forever}
              </span>
            </span>
            <button type="button" class="button" aria-label={words.liftOf(ban.value)} onClick={() => void app.lift(ban).then(load)}>{words.lift}</button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
