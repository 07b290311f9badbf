// Who types, in all sessions: one who is not reported again has stopped. Pure.

/** The server tells again after 3 s who goes on typing (docs/protocol.md, "Presence"). */
export const typingExpires = 8_000;

export class Typists {
  private readonly until = new Map<string, number>();

  /** Gives whether that is news. */
  hear(clientId: string, isTyping: boolean, now: number): boolean {
    const before = this.isTyping(clientId, now);
    if (isTyping) this.until.set(clientId, now + typingExpires);
    else this.until.delete(clientId);
    return before !== isTyping;
  }

  isTyping(clientId: string, now: number): boolean {
    return (this.until.get(clientId) ?? 0) > now;
  }

  /** Forgets who has stopped; gives whether anybody has. */
  expire(now: number): boolean {
    let any = false;
    for (const [clientId, until] of this.until) {
      if (until > now) continue;
      this.until.delete(clientId);
      any = true;
    }
    return any;
  }

  clear(): void {
    this.until.clear();
  }
}
