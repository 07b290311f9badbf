// Who is signed in.
import type { Rest } from '../client';
import { asFailure } from '../client/failure';
import { pause } from '../client/pause';
import type { Me } from './model/types';

const mostTries = 10;

/** Rejects with a Failure; a `forbidden` one when no one is. */
export async function whoAmI(rest: Rest): Promise<Me> {
  try {
    const me = await rest.call<Me>('GET', 'me');
    if (me.kind === 'agent') return me;
  } catch (error) {
    const failure = asFailure(error);
    if (!failure.forbidden && failure.status !== 404) throw failure;
  }
  // Where everybody may do everything (auth.mode = "open"), no one has to sign in.
  await rest.call('GET', 'sessions?limit=1');
  return { kind: 'open' };
}

/** The token comes as a cookie. Rejects with a Failure. */
export async function signIn(rest: Rest, username: string, password: string): Promise<Me> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { agent } = await rest.call<{ agent: Omit<Me, 'kind'> }>('POST', 'login', { username, password });
      return { kind: 'agent', ...agent };
    } catch (error) {
      // Others sign in at the same moment: it takes its turn.
      const { code, retryAfter } = asFailure(error);
      if (code !== 'busy' || tries === mostTries) throw error;
      await pause(1_000 * Math.max(1, retryAfter));
    }
  }
}

/** Rejects with a Failure. Who was not signed in is signed out. */
export async function signOut(rest: Rest): Promise<void> {
  try {
    await rest.call('POST', 'logout');
  } catch (error) {
    const failure = asFailure(error);
    if (!failure.forbidden) throw failure;
  }
}
