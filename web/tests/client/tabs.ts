// The storage that tabs of one browser share, without a browser.
import type { Store } from '../../client';

export class Tabs {
  private readonly kept = new Map<string, string>();
  private readonly listeners = new Map<Store, (key: string) => void>();

  /** A tab's view of it. */
  open(): Store {
    const { kept, listeners } = this;
    const store: Store = {
      get<Value>(key: string) {
        const text = kept.get(key);
        return text === undefined ? undefined : (JSON.parse(text) as Value);
      },
      set: (key, value) => {
        if (value === undefined) kept.delete(key);
        else kept.set(key, JSON.stringify(value));
        for (const [other, listener] of listeners) if (other !== store) listener(key);
      },
      keys: (start) => [...kept.keys()].filter((key) => key.startsWith(start)),
      watch: (listener) => {
        listeners.set(store, listener);
        return () => void listeners.delete(store);
      },
    };
    return store;
  }
}
