// Typing, as it is told and as it is believed.

const repeats = 2_500; // milliseconds; who types on is told again
const expires = 6_000; // who was not heard of for so long does not type any more

/** Tells the server that someone types here; may be asked with every key. */
export class TypingOut {
  private toldAt = 0;

  constructor(private readonly tell: (isTyping: boolean) => void) {}

  set(isTyping: boolean): void {
    const now = Date.now();
    if (isTyping ? now - this.toldAt < repeats : this.toldAt === 0) return;
    this.toldAt = isTyping ? now : 0;
    this.tell(isTyping);
  }

  /** The server has forgotten what it was told: the connection is a new one. */
  reset(): void {
    this.toldAt = 0;
  }
}

/** Whether someone types there, as far as the server says so often enough. */
export class TypingIn {
  isTyping = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: () => void) {}

  set(isTyping: boolean): void {
    clearTimeout(this.timer);
    if (isTyping) this.timer = setTimeout(() => this.set(false), expires);
    if (this.isTyping === isTyping) return;
    this.isTyping = isTyping;
    this.changed();
  }
}
