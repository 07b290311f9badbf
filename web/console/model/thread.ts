// The messages of one session as far as they are here: any stretches of it, because no one reads all of
// 100,000. seq runs from 1 to lastSeq without holes, so a message's place is known before its text. Pure.
import type { Side } from '../../client';
import type { Message } from '../../client';

/** Messages that are asked for, and given up, together. */
export const chunkSize = 100;
const keptChunks = 60;

export interface Stretch {
  /** Messages with a larger seq … */
  after: number;
  /** … and so many of them. */
  limit: number;
}

export class Thread {
  private readonly chunks = new Map<number, (Message | undefined)[]>();
  private readonly readUpTo: Record<Side, number> = { client: 0, admin: 0 };
  private erasedUpTo = 0;
  private last = 0;

  /** The newest that is known to exist. */
  get lastSeq(): number {
    return this.last;
  }

  at(seq: number): Message | undefined {
    const message = this.chunks.get(chunkOf(seq))?.[(seq - 1) % chunkSize];
    return message && seq <= this.erasedUpTo ? { ...message, message: '', erased: true } : message;
  }

  take(messages: readonly Message[]): void {
    for (const message of messages) {
      let chunk = this.chunks.get(chunkOf(message.seq));
      if (!chunk) {
        chunk = new Array<Message | undefined>(chunkSize);
        this.chunks.set(chunkOf(message.seq), chunk);
      }
      chunk[(message.seq - 1) % chunkSize] = message;
      if (message.read) this.markRead(message.sender === 'client' ? 'admin' : 'client', message.seq);
      this.grow(message.seq);
    }
  }

  /** There are messages up to this one. */
  grow(lastSeq: number): void {
    this.last = Math.max(this.last, lastSeq);
  }

  /** What has to be asked for to have all of first … last. */
  missing(first: number, last: number): Stretch[] {
    const stretches: Stretch[] = [];
    const end = Math.min(last, this.last);
    for (let chunk = chunkOf(Math.max(first, 1)); chunk <= chunkOf(end); chunk += 1) {
      const from = Math.max(first, chunk * chunkSize + 1);
      const to = Math.min(end, (chunk + 1) * chunkSize);
      for (let seq = from; seq <= to; seq += 1) {
        if (this.at(seq)) continue;
        stretches.push({ after: chunk * chunkSize, limit: chunkSize });
        break;
      }
    }
    return stretches;
  }

  /** Whether every one of first … last is here. */
  has(first: number, last: number): boolean {
    return this.missing(first, last).length === 0;
  }

  isRead({ sender, seq }: Message): boolean {
    return seq <= this.readUpTo[sender === 'client' ? 'admin' : 'client'];
  }

  /** reader has read everything of the other side up to that seq. */
  markRead(reader: Side, upTo: number): void {
    this.readUpTo[reader] = Math.max(this.readUpTo[reader], upTo);
  }

  /** The texts up to that seq are gone. */
  erase(upTo: number): void {
    this.erasedUpTo = Math.max(this.erasedUpTo, upTo);
  }

  /** The database is another one: nothing of this is true any more. */
  forget(): void {
    this.chunks.clear();
    this.readUpTo.client = this.readUpTo.admin = this.erasedUpTo = this.last = 0;
  }

  /** Gives up what is far from first … last, and not of the newest, when there is much. */
  trim(first: number, last: number): void {
    if (this.chunks.size <= keptChunks) return;
    const middle = chunkOf((first + last) / 2);
    const newest = chunkOf(this.last);
    const far = [...this.chunks.keys()]
      .filter((chunk) => chunk < newest - 1)
      .sort((one, other) => Math.abs(other - middle) - Math.abs(one - middle));
    for (const chunk of far.slice(0, this.chunks.size - keptChunks)) this.chunks.delete(chunk);
  }
}

function chunkOf(seq: number): number {
  return Math.floor((seq - 1) / chunkSize);
}
