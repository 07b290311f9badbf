import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Failure, type Rest } from '../../client';
import { signIn } from '../../console/account';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const busy = new Failure('busy', 'others sign in', 503, 1);

// A server that fails so before it lets in.
function server(failures: Failure[]): { rest: Rest; calls: () => number } {
  let calls = 0;
  const call = (): Promise<unknown> => {
    const failure = failures[calls++];
    return failure ? Promise.reject(failure) : Promise.resolve({ agent: { username: 'ann' } });
  };
  return { rest: { call } as unknown as Rest, calls: () => calls };
}

test('a login takes its turn where others sign in', async () => {
  const { rest, calls } = server([busy, busy]);
  const me = signIn(rest, 'ann', 'secret');
  await vi.advanceTimersByTimeAsync(999);
  expect(calls()).toBe(1);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(await me).toMatchObject({ kind: 'agent', username: 'ann' });
  expect(calls()).toBe(3);
});

test('it is given up after a while', async () => {
  const { rest, calls } = server(Array.from({ length: 50 }, () => busy));
  const me = expect(signIn(rest, 'ann', 'secret')).rejects.toBe(busy);
  await vi.advanceTimersByTimeAsync(60_000);
  await me;
  expect(calls()).toBe(10);
});

test('a wrong password is said at once', async () => {
  const wrong = new Failure('unauthorized', 'wrong', 401);
  const { rest, calls } = server([wrong]);
  await expect(signIn(rest, 'ann', 'secret')).rejects.toBe(wrong);
  expect(calls()).toBe(1);
});
