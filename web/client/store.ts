// What a browser keeps over a reload, and what stands in where it is not allowed to keep anything.

import { filter, startsWith, toJson } from './builtins';

export interface Store {
  get<Value>(key: string): Value | undefined;
  /** undefined removes. */
  set(key: string, value: unknown): void;
  /** The keys that begin so. */
  keys(start: string): string[];
  /** Calls listener with every key that another tab changes, until the returned function is called. */
  watch(listener: (key: string) => void): () => void;
}

/** localStorage or sessionStorage below a prefix; memory where the browser refuses them. */
export function browserStore(prefix: string, area: () => Storage = () => localStorage): Store {
  const memory = new Map<string, string>();
  const full = (key: string): string => `${prefix}${key}`;
  // Where storage is blocked, to touch it is an error.
  const tried = <Result>(attempt: () => Result, otherwise: Result): Result => {
    try {
      return attempt();
    } catch {
      return otherwise;
    }
  };
  return {
    get<Value>(key: string): Value | undefined {
      const text = tried(() => area().getItem(full(key)), null) ?? memory.get(key);
      return tried(() => (text ? (JSON.parse(text) as Value) : undefined), undefined);
    },
    set(key, value) {
      const text = value === undefined ? undefined : toJson(value);
      const kept = tried(() => {
        if (text === undefined) area().removeItem(full(key));
        else area().setItem(full(key), text);
        return true;
      }, false);
      if (kept || text === undefined) memory.delete(key);
      else memory.set(key, text);
    },
    keys(start) {
      return filter([...new Set([...tried(() => keysOf(area(), prefix), []), ...memory.keys()])], (key) => startsWith(key, start));
    },
    watch(listener) {
      const hear = ({ key, storageArea }: StorageEvent): void => {
        if (key && startsWith(key, prefix) && storageArea === tried(area, undefined)) listener(key.slice(prefix.length));
      };
      addEventListener('storage', hear);
      return () => removeEventListener('storage', hear);
    },
  };
}

// Without the prefix.
function keysOf(area: Storage, prefix: string): string[] {
  const keys: string[] = [];
  for (let i = 0; i < area.length; i += 1) {
    const key = area.key(i) ?? '';
    if (startsWith(key, prefix)) keys.push(key.slice(prefix.length));
  }
  return keys;
}
