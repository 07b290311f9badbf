// What a screen reader says next: everything that is put into its region is said, one after the other. What happens
// elsewhere is summed up, so that a busy hour does not talk without end.

export interface Announcement {
  number: number;
  text: string;
}

const most = 4; // that are in the region; the oldest have been said
const pause = 6_000; // milliseconds between two that sum up

export class Announcer {
  list: readonly Announcement[] = [];
  private number = 0;
  private readonly elsewhere = new Map<string, string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** sum: what is said of new messages from these visitors. */
  constructor(
    private readonly changed: () => void,
    private readonly sum: (visitors: readonly string[]) => string,
  ) {}

  say(text: string): void {
    this.number += 1;
    this.list = [...this.list, { number: this.number, text }].slice(-most);
    this.changed();
  }

  /** There are new messages in a conversation that is not looked at. */
  saidElsewhere(clientId: string, title: string): void {
    this.elsewhere.set(clientId, title);
    if (this.timer === undefined) this.sumUp();
  }

  /** What was said is gone. */
  clear(): void {
    this.list = [];
    this.elsewhere.clear();
    this.changed();
  }

  private sumUp(): void {
    this.timer = undefined;
    if (this.elsewhere.size === 0) return;
    const visitors = [...this.elsewhere.values()];
    this.elsewhere.clear();
    this.timer = setTimeout(() => this.sumUp(), pause);
    this.say(this.sum(visitors));
  }
}
