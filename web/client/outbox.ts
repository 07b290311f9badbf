// What was written here and is not known to be stored yet. It is kept until it is, and every message has
// its messageId from the start, so that sending it again never makes a second one.
//
// In localStorage all tabs of a visitor see the same outbox. Each message has a key of its own there:
// tabs that write at the same time take nothing from each other.
import { filter, find, hex, lastOf, some, startsWith } from './builtins';
import type { Store } from './store';

export interface Pending {
  messageId: string;
  message: string;
  /** Local time in milliseconds, for the display until the server's is known, and for the order. */
  writtenAt: number;
  /** Set when the server refused it: its code. It stays until it is retried or discarded. */
  refused?: string | undefined;
  /** A socket did not answer for it: it may be what breaks connections, and goes by REST, which says why. */
  unanswered?: boolean | undefined;
}

// What is older belongs to a conversation that no one remembers.
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
    const list = [...this.list];
    for (const key of this.store.keys(this.prefix)) {
      if (!this.isOurs(key) || this.has(key.slice(this.prefix.length))) continue;
      const kept = this.read(key);
      if (kept) list.push(kept);
    }
    this.arrange(list);
  }

  get pending(): readonly Pending[] {
    return this.list;
  }

  /** The one whose turn it is: in the order of writing, one at a time. */
  get next(): Pending | undefined {
    return find(this.list, (one) => !one.refused);
  }

  add(message: string): Pending {
    return this.put({ messageId: newMessageId(), message, writtenAt: this.now() });
  }

  refuse(messageId: string, code: string): void {
    const found = find(this.list, (one) => one.messageId === messageId);
    if (found) this.put({ ...found, refused: code });
  }

  unanswered(messageId: string): void {
    const found = find(this.list, (one) => one.messageId === messageId);
    if (found && !found.unanswered) this.put({ ...found, unanswered: true });
  }

  /** What was refused is tried again, as the newest. */
  retry(messageId: string): void {
    const found = find(this.list, (one) => one.messageId === messageId);
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

  private has(messageId: string): boolean {
    return some(this.list, (one) => one.messageId === messageId);
  }

  private without(messageId: string): Pending[] {
    return filter(this.list, (one) => one.messageId !== messageId);
  }

  private arrange(list: Pending[]): void {
    this.list = list.sort((one, other) => one.writtenAt - other.writtenAt || (one.messageId < other.messageId ? -1 : 1));
  }

  // Behind everything that is here, also when two are written in one millisecond.
  private now(): number {
    return Math.max(Date.now(), (lastOf(this.list)?.writtenAt ?? 0) + 1);
  }

  // What follows the name is a messageId, of whatever form. It has no colon, so that the outbox of "a" holds nothing
  // of "a:b".
  private isOurs(key: string): boolean {
    return startsWith(key, this.prefix) && key.indexOf(':', this.prefix.length) < 0;
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
  let id = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += hex(byte, 2);
  return id;
}
