// SQL as a client, from PHP: mysqli and PDO, as in docs/sql.md.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { messagesOf } from '../delivery/lib/rooms.mjs';

let stack;
let socket;
const opened = [];

before(async () => {
  stack = await Stack.start();
  await stack.sql("GRANT EXECUTE, SELECT, INSERT ON livechat.* TO php@localhost IDENTIFIED BY 'word';");
  [[socket]] = await stack.sql('SELECT @@socket;');
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

// Runs a PHP program, which finds $db (an open connection) and $argv[1] …; gives what it printed.
async function php(connect, program, ...args) {
  const child = spawn('php', ['-d', 'display_errors=stderr', '-d', 'log_errors=0', '--', socket, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let error = '';
  child.stdout.setEncoding('utf8').on('data', (data) => (output += data));
  child.stderr.setEncoding('utf8').on('data', (data) => (error += data));
  child.stdin.end(`<?php\n[$_, $socket] = $argv; $args = array_slice($argv, 2);\n${connect}\n${program}\n`);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, error + output);
  return output;
}

const MYSQLI = `
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli(null, 'php', 'word', 'livechat', 0, $socket);
$db->set_charset('utf8mb4');`;

const PDO = `
$db = new PDO("mysql:unix_socket=$socket;dbname=livechat;charset=utf8mb4", 'php', 'word',
    [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);`;

// The same program in both dialects: $send(clientId, sender, text) and the rest of a transaction.
const DIALECTS = {
  mysqli: [MYSQLI, `
    $call = function (string $sql, ...$values) use ($db) {
        $statement = $db->prepare($sql);
        $statement->execute($values);
        $statement->close();
    };
    $begin = fn() => $db->begin_transaction(); $commit = fn() => $db->commit(); $rollback = fn() => $db->rollback();
    $failure = fn($e) => $e->getCode() . ' ' . $e->getMessage();`],
  PDO: [PDO, `
    $call = function (string $sql, ...$values) use ($db) {
        $statement = $db->prepare($sql);
        $statement->execute($values);
        $statement->closeCursor();
    };
    $begin = fn() => $db->beginTransaction(); $commit = fn() => $db->commit(); $rollback = fn() => $db->rollBack();
    $failure = fn($e) => $e->errorInfo[1] . ' ' . $e->errorInfo[2];`],
  'PDO without emulated statements': [`${PDO}\n$db->setAttribute(PDO::ATTR_EMULATE_PREPARES, false);`, undefined],
};
DIALECTS['PDO without emulated statements'][1] = DIALECTS.PDO[1];

for (const [name, [connect, dialect]] of Object.entries(DIALECTS)) {
  const run = (program, ...args) => php(`${connect}\n${dialect}`, program, ...args);

  async function listener(room) {
    const client = await ChatClient.connect(stack);
    opened.push(client);
    await client.ask('join', room);
    return client;
  }

  test(`${name}: open, send, read and close`, async () => {
    const room = `${name} 😀`;
    const client = await listener(room);
    await run(`
      $call('CALL livechat_open(?)', $args[0]);
      $call('CALL livechat_send(?, ?, ?)', $args[0], 'admin', "Grüße 😀 'quoted'");
      $call('CALL livechat_read(?, ?)', $args[0], 'client');
      $call('CALL livechat_close(?)', $args[0]);`, room);
    await client.hears('session-closed');
    assert.deepEqual(client.heard.map(({ event, args: [data] }) => [event, data.message ?? data.upTo]), [
      ['session-opened', undefined], ['new-message', "Grüße 😀 'quoted'"], ['messages-read', 1], ['session-closed', undefined],
    ]);
  });

  test(`${name}: COMMIT shows, ROLLBACK and a script that dies do not`, async () => {
    const room = await newSession(stack, name.replaceAll(' ', '-'));
    const client = await listener(room);
    await run(`
      $begin();
      $call('CALL livechat_send(?, ?, ?)', $args[0], 'client', 'rolled back');
      $rollback();
      $begin();
      $call('CALL livechat_send(?, ?, ?)', $args[0], 'client', 'one');
      $call('CALL livechat_send(?, ?, ?)', $args[0], 'client', 'two');
      $commit();
      $begin();
      $call('CALL livechat_send(?, ?, ?)', $args[0], 'client', 'never committed');`, room);
    await run(`$call('CALL livechat_send(?, ?, ?)', $args[0], 'client', 'three');`, room);
    await client.hearsAll('new-message', 3);
    assert.deepEqual(client.all('new-message').map(({ message, seq }) => [message, seq]), [['one', 1], ['two', 2], ['three', 3]]);
  });

  test(`${name}: the same message once, and a plain INSERT`, async () => {
    const room = await newSession(stack, name.replaceAll(' ', '-'));
    await run(`
      for ($i = 0; $i < 3; $i++) $call('CALL livechat_send_once(?, ?, ?, ?)', $args[0], 'admin', "try $i", 'order 17');
      $find = $db->query("SELECT id FROM session WHERE client_id = '" . $args[0] . "'");
      $row = $find instanceof PDOStatement ? $find->fetch(PDO::FETCH_NUM) : $find->fetch_row();
      $call('INSERT INTO message (session_id, sender, body) VALUES (?, ?, ?)', $row[0], 'client', 'plain');`, room);
    assert.deepEqual((await messagesOf(stack, room)).map(({ text, messageId }) => [text, messageId]),
      [['try 0', 'order 17'], ['plain', undefined]]);
  });

  test(`${name}: a mistake is an exception with the sentence, and the connection goes on`, async () => {
    const room = await newSession(stack, name.replaceAll(' ', '-'));
    const output = await run(`
      foreach ([['nobody here', 'client', 'x'], [$args[0], 'visitor', 'x'], [$args[0], 'client', ' ']] as $wrong) {
          try {
              $call('CALL livechat_send(?, ?, ?)', ...$wrong);
              echo "accepted\\n";
          } catch (Exception $e) {
              echo $failure($e), "\\n";
          }
      }
      $call('CALL livechat_send(?, ?, ?)', $args[0], 'client', 'right');`, room);
    assert.deepEqual(output.trim().split('\n'), [
      '1644 livechat: there is no such session',
      '1644 livechat: the sender is client or admin',
      '1644 livechat: the message is empty',
    ]);
    assert.deepEqual((await messagesOf(stack, room)).map(({ text }) => text), ['right']);
  });
}

test('a latin1 connection', async () => {
  const room = await newSession(stack, 'latin1');
  await php(MYSQLI.replace('utf8mb4', 'latin1'), `
    $statement = $db->prepare('CALL livechat_send(?, ?, ?)');
    $statement->execute([$args[0], 'client', "Gr\\xf6\\xdfe"]);`, room);
  assert.deepEqual((await messagesOf(stack, room)).map(({ text }) => text), ['Größe']);
});
