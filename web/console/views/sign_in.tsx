// Signing in. The token stays in a cookie that scripts cannot read.
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

import { asFailure, type Failure } from '../../client/failure';
import type { Console } from '../console';
import { texts } from '../text/texts';
import { Icon } from './icons';

const words = texts.signIn;

export function SignIn({ app }: { app: Console }): JSX.Element {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const ids = { name: useId(), password: useId(), problem: useId() };

  const submit = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      await app.signIn(username, password);
    } catch (error) {
      setProblem(explain(asFailure(error)));
      setPassword('');
      setBusy(false);
      document.getElementById(ids.password)?.focus();
    }
  };

  return (
    <main class="sign-in">
      <form
        class="sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <span class="sign-in-mark"><Icon name="chat" /></span>
        <h1>{texts.name}</h1>
        <p class="muted">{words.lead}</p>
        <label for={ids.name}>{words.username}</label>
        <input
          id={ids.name}
          class="field"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          autofocus
          value={username}
          onInput={(event) => setUsername(event.currentTarget.value)}
        />
        <label for={ids.password}>{words.password}</label>
        <input
          id={ids.password}
          class="field"
          type="password"
          name="password"
          autocomplete="current-password"
          required
          value={password}
          aria-describedby={ids.problem}
          aria-invalid={problem !== ''}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <p id={ids.problem} class="problem" role="alert">{problem}</p>
        <button type="submit" class="button button-main" disabled={busy}>{busy ? words.busy : words.submit}</button>
      </form>
    </main>
  );
}

function explain(failure: Failure): string {
  if (failure.status === 401 || failure.status === 403) return words.wrong;
  if (failure.status === 429) return words.tooMany(Math.max(1, Math.ceil(failure.retryAfter / 60)));
  if (failure.status === 400) return failure.message;
  return words.unreachable;
}
