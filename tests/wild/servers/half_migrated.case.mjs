export default {
  title: 'a migration that is cut off in the middle',
  result: 'The next run goes on after the last statement that took effect.',
  async check(stack) {
    const { default: assert } = await import('node:assert/strict');
    const { default: fs } = await import('node:fs');
    const { default: path } = await import('node:path');
    const { admin } = await import('./lib/cases.mjs');
    await stack.sql('CREATE DATABASE half CHARACTER SET utf8mb4');
    const file = path.join(stack.state, 'half.cnf');
    fs.writeFileSync(file, fs.readFileSync(stack.admin, 'utf8').replace(/database=.*/, 'database="half"'));
    // A procedure of that name stands in the way of the last statement but two.
    await stack.sql('CREATE PROCEDURE half.livechat_read () BEGIN END');
    const stopped = await admin(stack, 'migrate', 'apply', '--defaults-file', file);
    assert.match(stopped, /0001_chat\.sql failed in line \d+: .*livechat_read.*it goes on from there/);
    await stack.sql('DROP PROCEDURE half.livechat_read');
    assert.match(await admin(stack, 'migrate', 'apply', '--defaults-file', file), /is at version/);
    assert.deepEqual(await stack.sql("SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = 'half'"),
      await stack.sql("SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = 'livechat'"));
    assert.deepEqual(await stack.sql("SHOW TABLES FROM half LIKE 'schema_progress'"), []);
  },
};
