// What the writers know of their messages. Every message has a text of its own, which names it.
export class Ledger {
  constructor() {
    this.messages = new Map(); // text -> { room, state, seq, transaction }
    this.counts = { sent: 0, acknowledged: 0, rolledBack: 0, inDoubt: 0 };
    this.problems = [];
    this.#next = 0;
  }

  #next;

  // A new message on its way. State `open`: it may be there or not.
  begin(room, kind) {
    const text = `${kind}-${(this.#next += 1)}`;
    this.messages.set(text, { room, state: 'open' });
    this.counts.sent += 1;
    return text;
  }

  // It must be there, at this seq if it is known.
  acknowledge(text, seq) {
    const message = this.messages.get(text);
    if (message.state === 'acknowledged' && message.seq !== seq) {
      this.problems.push(`${text} was acknowledged with seq ${message.seq} and then with ${seq}`);
    }
    if (message.state === 'open') this.counts.acknowledged += 1;
    Object.assign(message, { state: 'acknowledged', seq });
  }

  // It must not be there.
  rollBack(text) {
    this.messages.get(text).state = 'rolledBack';
    this.counts.rolledBack += 1;
  }

  // All of these are there, or none.
  doubt(texts, transaction) {
    for (const text of texts) Object.assign(this.messages.get(text), { state: 'open', transaction });
    this.counts.inDoubt += texts.length;
  }
}
