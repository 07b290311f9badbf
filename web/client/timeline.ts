// The messages of one session that are known here: ordered by seq, each once, without a gap. Pure.
import { find, lastOf } from './builtins';
import type { Message, Side } from './types';

export class Timeline {
  private readonly list: Message[] = [];
  // Beyond a gap: kept until what is between has come.
  private readonly ahead = new Map<number, Message>();
  private readonly readUpTo: Record<Side, number> = { client: 0, admin: 0 };

  /** Oldest first. Treat it as read-only. */
  get messages(): readonly Message[] {
    return this.list;
  }

  get firstSeq(): number {
    return this.list[0]?.seq ?? 0;
  }

  get lastSeq(): number {
    return lastOf(this.list)?.seq ?? 0;
  }

  /** Whether messages are known that others, unknown ones, come before. */
  get hasGap(): boolean {
    return this.ahead.size > 0;
  }

  /** Takes messages in any order; those that are known change nothing. Gives those that became visible at the end. */
  add(messages: readonly Message[]): Message[] {
    const appended: Message[] = [];
    for (const message of [...messages].sort((one, other) => one.seq - other.seq)) {
      this.learnRead(message);
      if (this.list.length === 0 || message.seq === this.lastSeq + 1) {
        this.list.push(message);
        appended.push(message);
      } else if (message.seq > this.lastSeq) {
        this.ahead.set(message.seq, message);
      }
    }
    for (let next; (next = this.ahead.get(this.lastSeq + 1)); ) {
      this.ahead.delete(next.seq);
      this.list.push(next);
      appended.push(next);
    }
    return appended;
  }

  /** Takes messages that end right before firstSeq. */
  addOlder(messages: readonly Message[]): void {
    const older = [...messages].sort((one, other) => other.seq - one.seq);
    for (const message of older) {
      if (message.seq !== this.firstSeq - 1) continue;
      this.learnRead(message);
      this.list.unshift(message);
    }
  }

  /** reader has read everything of the other side up to that seq. */
  markRead(reader: Side, upTo: number): boolean {
    if (upTo <= this.readUpTo[reader]) return false;
    this.readUpTo[reader] = upTo;
    return true;
  }

  isRead(message: Message): boolean {
    return message.seq <= this.readUpTo[opposite(message.sender)];
  }

  /** The oldest of sender's messages that the other side has not read. */
  firstUnread(sender: Side): Message | undefined {
    return find(this.list, (message) => message.sender === sender && !this.isRead(message));
  }

  /** The texts up to that seq are gone. */
  erase(upTo: number): void {
    let index = 0;
    for (const message of this.list) {
      if (message.seq <= upTo) this.list[index] = { ...message, message: '', erased: true };
      index += 1;
    }
  }

  /** Forgets everything: the conversation on the server is another one. */
  clear(): void {
    this.list.length = 0;
    this.ahead.clear();
    this.readUpTo.client = this.readUpTo.admin = 0;
  }

  /** How many messages of the other side reader has not read. */
  unread(reader: Side): number {
    let count = 0;
    for (let i = this.list.length; i-- > 0; ) {
      const message = this.list[i];
      if (!message || message.seq <= this.readUpTo[reader]) break;
      if (message.sender !== reader) count += 1;
    }
    return count;
  }

  private learnRead(message: Message): void {
    if (message.read) this.markRead(opposite(message.sender), message.seq);
  }
}

export function opposite(side: Side): Side {
  return side === 'client' ? 'admin' : 'client';
}
