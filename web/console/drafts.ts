// What the agent has begun to write, in each conversation: kept until it is sent, over a reload as well.
import type { Store } from '../client';

const key = 'drafts';
const most = 50;

export class Drafts {
  private texts: ReadonlyMap<string, string>;

  constructor(private readonly store: Pick<Store, 'get' | 'set'>) {
    const kept = store.get<[string, string][]>(key);
    this.texts = new Map(Array.isArray(kept) ? kept.filter(isDraft).slice(-most) : []);
  }

  get(clientId: string): string {
    return this.texts.get(clientId) ?? '';
  }

  /** '' forgets it. Of many the one that was touched least recently is given up. */
  set(clientId: string, text: string): void {
    if (text === this.get(clientId)) return;
    const others = [...this.texts].filter(([one]) => one !== clientId);
    if (text !== '') others.push([clientId, text]);
    this.texts = new Map(others.slice(-most));
    this.store.set(key, this.texts.size > 0 ? [...this.texts] : undefined);
  }
}

function isDraft(entry: unknown): boolean {
  return Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string');
}
