// Holds what is in the database and what the readers saw against what the writers were told.

// stored: clientId -> [{ seq, text, createdAt }]; gives a list of what is wrong, the first ones of each kind.
export function judge(ledger, stored, readers) {
  const problems = [...ledger.problems];
  const found = new Map(); // text -> { room, seq }
  for (const [room, messages] of stored) {
    let before = '';
    messages.forEach(({ seq, text, createdAt }, index) => {
      if (seq !== index + 1) problems.push(`${room}: seq ${seq} stands at place ${index + 1} in the database`);
      if (createdAt < before) problems.push(`${room}: createdAt goes back at seq ${seq}`);
      before = createdAt;
      if (found.has(text)) problems.push(`${text} is in the database twice`);
      found.set(text, { room, seq });
      const known = ledger.messages.get(text);
      if (!known) problems.push(`${text} is in the database and nobody has sent it`);
      else if (known.room !== room) problems.push(`${text} is in room ${room} instead of ${known.room}`);
    });
  }

  const transactions = new Map(); // in doubt: name -> states
  for (const [text, { state, seq, transaction }] of ledger.messages) {
    const there = found.get(text);
    if (state === 'acknowledged' && !there) problems.push(`${text} was acknowledged and is lost`);
    if (state === 'acknowledged' && there && seq !== undefined && seq !== there.seq) {
      problems.push(`${text} was acknowledged as seq ${seq} and is seq ${there.seq}`);
    }
    if (state === 'rolledBack' && there) problems.push(`${text} was rolled back and is in the database`);
    if (transaction) transactions.set(transaction, (transactions.get(transaction) ?? new Set()).add(Boolean(there)));
  }
  for (const [name, states] of transactions) {
    if (states.size > 1) problems.push(`transaction ${name} is there in part`);
  }

  for (const { name, reader } of readers) {
    for (const problem of reader.problems) problems.push(`${name}: ${problem}`);
    for (const [room, messages] of stored) {
      const seen = reader.rooms.get(room).messages.map(({ message }) => message);
      const first = messages.findIndex(({ text }, index) => seen[index] !== text);
      if (first >= 0) problems.push(`${name}: ${room} seq ${first + 1} should be ${messages[first].text} and is ${seen[first]}`);
      if (seen.length > messages.length) problems.push(`${name}: ${room} has ${seen.length - messages.length} messages too many`);
    }
  }
  return problems;
}
