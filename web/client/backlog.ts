// The messages of a conversation that are on the server and not here: newer ones that were missed, older
// ones that nobody has looked at yet. By REST; everything rejects with a Failure.
import type { Rest } from './rest';
import type { Timeline } from './timeline';
import type { Message } from './types';

const pageSize = 50;
const pageSizeMost = 200;

export class Backlog {
  private loading: Promise<void> | undefined;
  // The seq before which the server had nothing more.
  private beginning = 1;

  constructor(
    private readonly rest: Rest,
    private readonly clientId: string,
    private readonly timeline: Timeline,
  ) {}

  /** The newest page; the timeline does not change. */
  async newest(): Promise<readonly Message[]> {
    const { messages } = await this.rest.history(this.clientId, { before: Number.MAX_SAFE_INTEGER, limit: pageSize });
    return messages;
  }

  /** Gives take all messages from seq on, page by page; the timeline does not change. Resolves to the newest seq. */
  async from(seq: number, take: (messages: readonly Message[]) => void): Promise<number> {
    for (let after = seq - 1; ; ) {
      const { messages, total } = await this.rest.history(this.clientId, { after, limit: pageSizeMost });
      take(messages);
      const last = messages.at(-1);
      if (messages.length < pageSizeMost || !last) return total;
      after = last.seq;
    }
  }

  get hasOlder(): boolean {
    return this.timeline.firstSeq > this.beginning;
  }

  /** Puts the page before the oldest message into the timeline. */
  older(limit = pageSize): Promise<void> {
    if (!this.hasOlder) return Promise.resolve();
    this.loading ??= this.fetchOlder(limit).finally(() => (this.loading = undefined));
    return this.loading;
  }

  /** Puts all of them into the timeline. */
  async allOlder(): Promise<void> {
    while (this.hasOlder) await this.older(pageSizeMost);
  }

  private async fetchOlder(limit: number): Promise<void> {
    const { messages } = await this.rest.history(this.clientId, { before: this.timeline.firstSeq, limit });
    const { firstSeq } = this.timeline;
    this.timeline.addOlder(messages);
    if (this.timeline.firstSeq === firstSeq) this.beginning = firstSeq;
  }
}
