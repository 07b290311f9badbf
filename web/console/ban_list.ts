// Who is banned, as far as it is known here: supervisors may read the list.
import type { Rest } from '../client';
import { Signal } from './signal';
import type { Ban } from './model/types';

export class BanList {
  readonly signal = new Signal();
  private bans: readonly Ban[] = [];

  constructor(
    private readonly rest: Rest,
    private readonly now: () => number,
  ) {}

  /** Reads all of them. Rejects with a Failure. */
  async load(): Promise<readonly Ban[]> {
    this.bans = await this.rest.call<Ban[]>('GET', 'bans');
    this.signal.bump();
    return this.bans;
  }

  /** The ban of a visitor, while it lasts. */
  of(clientId: string): Ban | undefined {
    return this.bans.find((ban) => ban.kind === 'client' && ban.value === clientId && (!ban.expiresAt || Date.parse(ban.expiresAt) > this.now()));
  }

  clear(): void {
    this.bans = [];
    this.signal.bump();
  }
}
