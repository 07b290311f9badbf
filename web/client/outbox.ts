// What was written here and is not known to be stored yet. It is kept until it is, and every message has
// its messageId from the start, so that sending it again never makes a second one.
//
// In localStorage all tabs of a visitor see the same outbox. Each message has a key of its own there:
// tabs that write at the same time take nothing from each other.
import type { Store } from './store';

export interface Pending {
  messageId: string;
  message: string;
  /** Local time in milliseconds, for the display until the server's is known, and for the order. */
  writtenAt: number;
  /** Set when the server refused it: its code. It stays until it is retried or discarded. */
  refused?: string | undefined;
}

// What is older belongs to a conversation that nobody remembers.
const keepFor = 7 * 24 * 3_600_000;

export class Outbox {
  private list: Pending[] = [];
  private readonly prefix: string;

  /** name: of the conversation, among all that the store holds. */
  constructor(
    private readonly store: Store,
    name: string,
  ) {
    this.prefix = `${name}:`;
    this.reload();
  }

  /** Follows what other tabs write, send and discard until the returned function is called. */
  watch(changed: () => void): () => void {
    return this.store.watch((key) => {
      if (!this.isOurs(key)) return;
      const kept = this.read(key);
      this.arrange([...this.without(key.slice(this.prefix.length)), ...(kept ? [kept] : [])]);
      changed();
    });
  }

  /** Takes in what other tabs have written while this one could not hear of it. */
  reload(): void {
    const known = new Set(this.list.map((one) => one.messageId));
    const kept = this.store.keys(this.prefix).filter((key) => this.isOurs(key)).map((key) => this.read(key));
    this.arrange([...this.list, ...kept.filter((one) => one !== undefined).filter((one) => !known.has(one.messageId))]);
  }

  get pending(): readonly Pending[] {
    return this.list;
  }

  /** The one whose turn it is: in the order of writing, one at a time. */
  get next(): Pending | undefined {
    return this.list.find((one) => !one.refused);
  }

  add(message: string): Pending {
    return this.put({ messageId: newMessageId(), message, writtenAt: this.now() });
  }

  refuse(messageId: string, code: string): void {
    const found = this.list.find((one) => one.messageId === messageId);
    if (found) this.put({ ...found, refused: code });
  }

  /** What was refused is tried again, as the newest. */
  retry(messageId: string): void {
    const found = this.list.find((one) => one.messageId === messageId);
    if (found?.refused) this.put({ messageId, message: found.message, writtenAt: this.now() });
  }

  remove(messageId: string): void {
    const left = this.without(messageId);
    if (left.length === this.list.length) return;
    this.list = left;
    this.store.set(`${this.prefix}${messageId}`, undefined);
  }

  private put(pending: Pending): Pending {
    this.arrange([...this.without(pending.messageId), pending]);
    this.store.set(`${this.prefix}${pending.messageId}`, pending);
    return pending;
  }

  private without(messageId: string): Pending[] {
    return this.list.filter((one) => one.messageId !== messageId);
  }

  private arrange(list: Pending[]): void {
    this.list = list.sort((one, other) => one.writtenAt - other.writtenAt || (one.messageId < other.messageId ? -1 : 1));
  }

  // Behind everything that is here, also when two are written in one millisecond.
  private now(): number {
    return Math.max(Date.now(), (this.list.at(-1)?.writtenAt ?? 0) + 1);
  }

  // The outbox of "a:b" is none of "a"'s.
  private isOurs(key: string): boolean {
    return key.startsWith(this.prefix) && /^[0-9a-f]{32}$/.test(key.slice(this.prefix.length));
  }

  private read(key: string): Pending | undefined {
    const kept = this.store.get<Pending>(key);
    if (!kept) return undefined;
    if (typeof kept.message === 'string' && Date.now() - kept.writtenAt < keepFor) return { ...kept, messageId: key.slice(this.prefix.length) };
    this.store.set(key, undefined);
    return undefined;
  }
}

/** 128 random bits; also where crypto.randomUUID is missing (pages without https). */
export function newMessageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
