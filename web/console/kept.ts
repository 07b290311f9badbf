// What a tab keeps for its agent over a reload: open conversations, drafts, messages on their way. Another
// agent who signs in there finds nothing of it.
import { browserStore, type Store } from '../client';

const prefix = 'livechat-console:';

/** username: '' where no one signs in. What was kept for others is removed. */
export function keptFor(username: string): Store {
  const own = `${prefix}${encodeURIComponent(username)}:`;
  forget((key) => !key.startsWith(own));
  return browserStore(own, () => sessionStorage);
}

/** All of it, for every agent. */
export function forgetKept(): void {
  forget(() => true);
}

function forget(which: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(prefix) && which(key)) sessionStorage.removeItem(key);
    }
  } catch {
    // The browser keeps nothing.
  }
}
