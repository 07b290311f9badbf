// Of all tabs of a visitor one does something at a time: by the browser's locks, and where it has none (pages
// without https) by a lease, a key in the storage that the tabs share. Neither is waited for for long, because
// another tab may sleep with its turn in its hand: what is done must bear being done twice.
import { newMessageId } from './outbox';
import { pause } from './pause';
import type { Store } from './store';

interface Lease {
  holder: string;
  /** Local time in milliseconds. */
  until: number;
}

// All in milliseconds.
const patience = 5_000;
const term = 2_000; // of a lease; it is renewed for as long as the work takes
const settling = 50; // after which two tabs that took it at the same time see the same holder
const look = 100;

/** Does work when it is this tab's turn. wanted: whether there still is something to do. */
export function takeTurn(name: string, store: Store, wanted: () => boolean, work: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  return locks ? byLock(locks, name, work) : byLease(store, `turn:${name}`, wanted, work);
}

async function byLock(locks: LockManager, name: string, work: () => Promise<void>): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  let working: Promise<void> | undefined;
  const start = (): Promise<void> => {
    clearTimeout(timer);
    return (working = work());
  };
  await locks.request(`livechat:${name}`, { signal: abort.signal }, start).catch(() => working ?? start());
}

async function byLease(store: Store, key: string, wanted: () => boolean, work: () => Promise<void>): Promise<void> {
  const holder = newMessageId();
  const lease = (): Lease | undefined => store.get<Lease>(key);
  const isOurs = (): boolean => lease()?.holder === holder;
  const take = (): void => store.set(key, { holder, until: Date.now() + term });
  for (const begin = Date.now(); Date.now() - begin < patience; ) {
    const left = (lease()?.until ?? 0) - Date.now();
    if (left > 0 && left <= term) { // beyond a term: the clock was put back
      await pause(look);
      if (!wanted()) return;
      continue;
    }
    take();
    await pause(settling);
    if (isOurs()) break;
  }
  const renewal = setInterval(() => isOurs() && take(), term / 4);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    if (isOurs()) store.set(key, undefined);
  }
}
