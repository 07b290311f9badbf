// What was written here and is not known to be stored yet. It is kept over a reload, and every message
// has its messageId from the start, so that sending it again never makes a second one.
import type { Store } from './store';

export interface Pending {
  messageId: string;
  message: string;
  /** Local time in milliseconds, for the display until the server's is known. */
  writtenAt: number;
  /** Set when the server refused it: its code. It stays until it is retried or discarded. */
  refused?: string | undefined;
}

// What is older belongs to a conversation that nobody remembers.
const keepFor = 7 * 24 * 3_600_000;

export class Outbox {
  private list: Pending[];

  constructor(
    private readonly store: Store,
    private readonly key: string,
  ) {
    const kept = store.get<Pending[]>(key);
    this.list = Array.isArray(kept) ? kept.filter((one) => Date.now() - one.writtenAt < keepFor) : [];
  }

  get pending(): readonly Pending[] {
    return this.list;
  }

  /** The one whose turn it is: in the order of writing, one at a time. */
  get next(): Pending | undefined {
    return this.list.find((one) => !one.refused);
  }

  add(message: string): Pending {
    const pending = { messageId: newMessageId(), message, writtenAt: Date.now() };
    this.replace([...this.list, pending]);
    return pending;
  }

  refuse(messageId: string, code: string): void {
    this.replace(this.list.map((one) => (one.messageId === messageId ? { ...one, refused: code } : one)));
  }

  /** What was refused is tried again, as the newest. */
  retry(messageId: string): void {
    const found = this.list.find((one) => one.messageId === messageId);
    if (!found?.refused) return;
    this.replace([...this.list.filter((one) => one !== found), { ...found, refused: undefined }]);
  }

  remove(messageId: string): void {
    if (this.list.some((one) => one.messageId === messageId)) {
      this.replace(this.list.filter((one) => one.messageId !== messageId));
    }
  }

  private replace(list: Pending[]): void {
    this.list = list;
    this.store.set(this.key, list.length > 0 ? list : undefined);
  }
}

/** 128 random bits; also where crypto.randomUUID is missing (pages without https). */
export function newMessageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
