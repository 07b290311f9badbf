// The stored messages of a conversation, as they come: by events, by acknowledgements, and by REST what was
// missed and what is older. What overtakes another message waits for it; for long it does not wait.
import { filter, lastOf, map } from './builtins';
import type { Rest } from './rest';
import { Timeline } from './timeline';
import type { Message } from './types';

export interface InboxOptions {
  rest: Rest;
  clientId: string;
  /** They are stored, whatever was thought of them. */
  stored(messages: readonly Message[]): void;
  /** These are new at the end; may be none, where only others have changed. */
  arrived(added: readonly Message[]): void;
  /** The texts up to that seq are gone. */
  erased(upTo: number): void;
  /** A message is missing, and does not come by itself. */
  missing(): void;
}

const pageSize = 50;
const pageSizeMost = 200;
const gapPatience = 300; // milliseconds

export class Inbox {
  readonly timeline = new Timeline();
  private loading: Promise<void> | undefined;
  private gapTimer: ReturnType<typeof setTimeout> | undefined;
  // The seq before which the server had nothing more.
  private beginning = 1;

  constructor(private readonly options: InboxOptions) {}

  stop(): void {
    clearTimeout(this.gapTimer);
    this.gapTimer = undefined;
  }

  /** What is here is not what the server has. */
  clear(): void {
    this.timeline.clear();
    this.beginning = 1;
  }

  take(messages: readonly Message[]): void {
    const added = this.timeline.add(messages);
    this.options.stored(messages);
    const erased = map(filter(messages, (message) => message.erased === true), (message) => message.seq);
    if (erased.length > 0) this.erase(Math.max(...erased));
    this.options.arrived(added);
    if (!this.timeline.hasGap) return;
    this.gapTimer ??= setTimeout(() => {
      this.gapTimer = undefined;
      if (this.timeline.hasGap) this.options.missing();
    }, gapPatience);
  }

  erase(upTo: number): void {
    this.timeline.erase(upTo);
    this.options.erased(upTo);
  }

  /** Where to ask from to hear of everything new: the last one that is known once more, because if it was erased
   * meanwhile, so was everything before it. */
  get after(): number {
    return Math.max(this.timeline.lastSeq - 1, 0);
  }

  /** The newest page, by REST; nothing is taken. Rejects with a Failure, as all that follow. */
  async newest(): Promise<readonly Message[]> {
    return (await this.page({ before: Number.MAX_SAFE_INTEGER, limit: pageSize })).messages;
  }

  /** Takes what is new, and what of ours was read meanwhile. false: the server has less than is here. */
  async catchUp(): Promise<boolean> {
    const { lastSeq } = this.timeline;
    const unread = this.timeline.firstUnread('client');
    for (let after = unread ? unread.seq - 1 : this.after; ; ) {
      const { messages, total } = await this.page({ after, limit: pageSizeMost });
      if (total < lastSeq) return false;
      this.take(messages);
      const last = lastOf(messages);
      if (messages.length < pageSizeMost || !last) return true;
      after = last.seq;
    }
  }

  get hasOlder(): boolean {
    return this.timeline.firstSeq > this.beginning;
  }

  /** Takes the page before the oldest message. */
  older(limit = pageSize): Promise<void> {
    if (!this.hasOlder) return Promise.resolve();
    this.loading ??= this.fetchOlder(limit).finally(() => (this.loading = undefined));
    return this.loading;
  }

  /** Takes all of them. */
  async allOlder(): Promise<void> {
    while (this.hasOlder) await this.older(pageSizeMost);
  }

  private async fetchOlder(limit: number): Promise<void> {
    const { firstSeq } = this.timeline;
    const { messages } = await this.page({ before: firstSeq, limit });
    this.timeline.addOlder(messages);
    if (this.timeline.firstSeq === firstSeq) this.beginning = firstSeq;
  }

  private page(range: { after?: number; before?: number; limit: number }): ReturnType<Rest['history']> {
    return this.options.rest.history(this.options.clientId, range);
  }
}
