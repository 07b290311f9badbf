export default {
  title: 'binary log on, triggers only by SUPER, and an owner without it',
  result: 'The schema is refused before anything is made, and the variable to set is named.',
  options: ['--log-bin=binlog', '--server-id=1', '--log-bin-trust-function-creators=0'],
  sql: "CREATE USER IF NOT EXISTS plain@localhost IDENTIFIED BY 'plain';\nCREATE DATABASE IF NOT EXISTS bare;\nGRANT ALL ON bare.* TO plain@localhost;\n",
  async check(stack) {
    const { default: assert } = await import('node:assert/strict');
    const { default: fs } = await import('node:fs');
    const { default: path } = await import('node:path');
    const { admin } = await import('./lib/cases.mjs');
    const file = path.join(stack.state, 'plain.cnf');
    const socket = path.join(stack.sockets, 'mariadb.sock');
    fs.writeFileSync(file, `[client]\nsocket=${socket}\nuser=plain\npassword=plain\n[mysql]\ndatabase=bare\n`);
    const said = await admin(stack, 'migrate', 'apply', '--defaults-file', file);
    assert.match(said, /nothing was changed: .*log_bin_trust_function_creators/);
    assert.deepEqual(await stack.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'bare'"), []);
    await stack.sql('SET GLOBAL log_bin_trust_function_creators=1');
    assert.match(await admin(stack, 'migrate', 'apply', '--defaults-file', file), /is at version/);
    assert.match(await admin(stack, 'migrate', 'apply', '--defaults-file', file), /is at version/);
  },
};
