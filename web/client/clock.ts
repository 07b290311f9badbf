// What time it is at the server. Clocks of computers are wrong by minutes, hours and days; how long something has
// lasted, and which day is today, is counted by the clock that wrote the times down.

export class ServerClock {
  private ahead = 0; // milliseconds

  /** date: of an answer's header, which knows seconds; asked: local time in milliseconds when the request began. */
  learn(date: string | null, asked: number): void {
    const time = date ? new Date(date).getTime() : Number.NaN;
    if (Number.isNaN(time)) return;
    const now = Date.now();
    // Within a second of each other they are right; a slow answer says less than a quick one said before.
    const [most, least] = [time + 1_000 - asked, time - now];
    if (this.ahead > most || this.ahead < least) this.ahead = (most + least) / 2;
  }

  /** In milliseconds since 1970. */
  now(): number {
    return Date.now() + this.ahead;
  }
}
