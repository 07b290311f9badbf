// Writers of every kind. Each writes until it is told to stop, ends what it has begun, and puts into the
// ledger what it was told.
import { io } from 'socket.io-client';

import { bearer } from '../harness/access.mjs';
import { SqlSession } from '../harness/sql.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { plainInsert, sendCall, sendOnceCall } from '../delivery/lib/rooms.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const TRANSIENT = ['busy', 'unavailable'];

// A stock client with retries: it resends until it is acknowledged, and the messageId makes that safe.
export async function socketWriter({ stack, rooms, tokens, dice, ledger, going }) {
  const socket = io(stack.url, {
    auth: { token: tokens.visitor },
    forceNew: true, retries: 1e6, ackTimeout: 1500, reconnectionDelay: 100, reconnectionDelayMax: 500,
    transports: dice.pick([['websocket'], ['polling'], ['polling', 'websocket']]),
  });
  while (going()) {
    const room = dice.pick(rooms);
    const text = ledger.begin(room, 'socket');
    for (;;) {
      const answer = await socket.emitWithAck('send-message',
        { clientId: room, message: text, sender: 'client', messageId: text });
      if (answer.status === 'ok') {
        ledger.acknowledge(text, answer.seq);
        break;
      }
      if (!TRANSIENT.includes(answer.code)) {
        ledger.problems.push(`${text}: ${JSON.stringify(answer)}`);
        break;
      }
      await pause(50);
    }
    await pause(dice.below(20));
  }
  socket.close();
}

// Without a messageId and without a resend: at most once, and there if it was acknowledged.
export async function carelessWriter({ stack, rooms, tokens, dice, ledger, going }) {
  const socket = io(stack.url, {
    auth: { token: tokens.visitor },
    forceNew: true, transports: ['websocket'], reconnectionDelay: 100, reconnectionDelayMax: 500,
  });
  while (going()) {
    if (socket.connected) {
      const room = dice.pick(rooms);
      const text = ledger.begin(room, 'careless');
      const answer = await socket.timeout(3000)
        .emitWithAck('send-message', { clientId: room, message: text, sender: 'client' })
        .catch(() => undefined);
      if (answer?.status === 'ok') ledger.acknowledge(text, answer.seq);
    }
    await pause(20 + dice.below(50));
  }
  socket.close();
}

export async function restWriter({ stack, rooms, tokens, dice, ledger, going }) {
  const headers = tokens.agent ? bearer(tokens.agent) : {};
  while (going()) {
    const room = dice.pick(rooms);
    const text = ledger.begin(room, 'rest');
    for (;;) {
      const body = { message: text, sender: 'admin', messageId: text };
      const { status, body: answer, text: raw } = await request(stack, 'POST', sessionPath('messages', room), { body, headers })
        .catch(() => ({ status: 0 }));
      if (status === 201) {
        ledger.acknowledge(text, answer.seq);
        break;
      }
      if (![0, 502, 503, 504].includes(status)) {
        ledger.problems.push(`${text}: ${status} ${raw}`);
        break;
      }
      await pause(100);
    }
    await pause(dice.below(20));
  }
}

// Transactions over several rooms, some slow, some rolled back. Rooms are taken in one order, so that
// they seldom deadlock.
export async function sqlWriter({ stack, rooms, ids, dice, ledger, going, stormy }) {
  let session;
  let transactions = 0;

  async function connected() {
    while (!session || session.lost) {
      session = new SqlSession(stack.admin);
      await session.run('SET SESSION innodb_lock_wait_timeout = 5').catch(() => pause(200));
    }
  }

  function statement(room, text) {
    const kind = dice.below(3);
    if (kind === 0) return sendCall(room, text);
    if (kind === 1) return sendOnceCall(room, text, text);
    return plainInsert(ids.get(room), text, dice.chance(0.5) ? text : undefined);
  }

  async function transaction() {
    const texts = [];
    const rollBack = stormy() && dice.chance(0.4);
    const touched = rooms.filter(() => dice.chance(2 / rooms.length));
    try {
      await session.run('START TRANSACTION');
      for (const room of touched) {
        for (let left = 1 + dice.below(3); left > 0; left -= 1) {
          const text = ledger.begin(room, rollBack ? 'never' : 'sql');
          texts.push(text);
          await session.run(statement(room, text));
        }
        if (stormy() && dice.chance(0.1)) await pause(dice.below(dice.chance(0.1) ? 3000 : 200));
      }
    } catch (error) {
      // Whatever it was, nothing was committed.
      if (!session.lost) await session.run('ROLLBACK').catch(() => {});
      for (const text of texts) ledger.rollBack(text);
      return;
    }
    try {
      await session.run(rollBack ? 'ROLLBACK' : 'COMMIT');
      for (const text of texts) {
        if (rollBack) ledger.rollBack(text);
        else ledger.acknowledge(text);
      }
    } catch {
      if (rollBack) for (const text of texts) ledger.rollBack(text);
      else ledger.doubt(texts, `${process.pid}-${dice.next()}-${(transactions += 1)}`);
    }
  }

  while (going()) {
    await connected();
    await transaction();
    await pause(dice.below(30));
  }
  session?.kill();
}
