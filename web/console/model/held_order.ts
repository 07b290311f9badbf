// The order of a list as it was when the pointer reached a row: nothing moves under the pointer. What is new stands
// above, where the list can be scrolled by as much; what no longer belongs to the list stays until the order is let go.
// Pure.
import type { SessionRow } from './types';

export class HeldOrder {
  private readonly names: readonly string[];
  private readonly known: ReadonlySet<string>;

  constructor(list: readonly SessionRow[]) {
    this.names = list.map((row) => row.clientId);
    this.known = new Set(this.names);
  }

  /** above: how many rows stand over those that were held. */
  arrange(list: readonly SessionRow[], get: (clientId: string) => SessionRow | undefined): { rows: readonly SessionRow[]; above: number } {
    const added = list.filter((row) => !this.known.has(row.clientId));
    const held = this.names.map(get).filter((row) => row !== undefined);
    return { rows: [...added, ...held], above: added.length };
  }
}
