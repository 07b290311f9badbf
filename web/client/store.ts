// What a browser keeps over a reload, and what stands in where it is not allowed to keep anything.

export interface Store {
  get<Value>(key: string): Value | undefined;
  /** undefined removes. */
  set(key: string, value: unknown): void;
}

/** localStorage or sessionStorage below a prefix; memory where the browser refuses them. */
export function browserStore(prefix: string, area: () => Storage = () => localStorage): Store {
  const memory = new Map<string, string>();
  const full = (key: string): string => `${prefix}${key}`;
  return {
    get<Value>(key: string): Value | undefined {
      let text: string | null | undefined;
      try {
        text = area().getItem(full(key));
      } catch {
        // Blocked: memory has it.
      }
      text ??= memory.get(key);
      try {
        return text ? (JSON.parse(text) as Value) : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, value) {
      const text = value === undefined ? undefined : JSON.stringify(value);
      try {
        if (text === undefined) area().removeItem(full(key));
        else area().setItem(full(key), text);
        memory.delete(key);
      } catch {
        if (text === undefined) memory.delete(key);
        else memory.set(key, text);
      }
    },
  };
}
