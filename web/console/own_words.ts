// Which messages of agents were written in this browser: the server does not say yet who wrote one, and no agent should
// read a colleague's words as their own.
import type { Store } from '../client';

const most = 200;

export class OwnWords {
  private readonly newest: Map<string, number>;

  constructor(private readonly store: Store) {
    const kept = store.get<unknown>('own');
    this.newest = new Map(Array.isArray(kept) ? kept.filter(isEntry) : []);
  }

  wrote(clientId: string, seq: number): void {
    if ((this.newest.get(clientId) ?? 0) >= seq) return;
    this.newest.delete(clientId);
    this.newest.set(clientId, seq);
    const [oldest] = this.newest.keys();
    if (this.newest.size > most && oldest !== undefined) this.newest.delete(oldest);
    this.store.set('own', [...this.newest]);
  }

  /** Whether the message is the newest that was written here. */
  isOwn(clientId: string, seq: number): boolean {
    return this.newest.get(clientId) === seq;
  }
}

function isEntry(entry: unknown): entry is [string, number] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number';
}
