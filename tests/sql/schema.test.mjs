// sql/schema.sql is the file that people read: it makes the same database as the migrations.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';

const schemaFile = new URL('../../sql/schema.sql', import.meta.url);
const fromFile = 'livechat_from_file';

let stack;
let migrated; // the name of the stack's database

before(async () => {
  stack = await Stack.start();
  [[migrated]] = await stack.sql('SELECT DATABASE()');
  const [[charset, collation]] = await stack.sql('SELECT @@character_set_database, @@collation_database');
  await stack.sql(`CREATE DATABASE ${fromFile} CHARACTER SET ${charset} COLLATE ${collation}; USE ${fromFile};
    ${fs.readFileSync(schemaFile, 'utf8')}`);
});

after(async () => {
  await stack?.stop();
});

// Without comments and line breaks, which the migrations may have in other places. --batch writes a line break as \n.
function plain(body) {
  return body.replaceAll('\\n', '\n').replace(/--( .*)?$/gm, '').replace(/\s+/g, ' ').trim();
}

async function tables(database) {
  const names = await stack.sql(`SELECT table_name FROM information_schema.tables WHERE table_schema = '${database}'
    AND table_name <> 'schema_migration'`);
  const made = {};
  for (const [name] of names) {
    const [[, statement]] = await stack.sql(`SHOW CREATE TABLE ${database}.${name}`);
    made[name] = statement.replace(/ AUTO_INCREMENT=\d+/, '').split('\\n');
  }
  return made;
}

async function rows(statement) {
  return (await stack.sql(statement)).map((row) => row.map(plain)).sort();
}

const triggers = (database) => rows(`SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement
  FROM information_schema.triggers WHERE trigger_schema = '${database}'`);
const routines = (database) => rows(`SELECT routine_name, routine_type, sql_data_access, is_deterministic, routine_definition
  FROM information_schema.routines WHERE routine_schema = '${database}'`);
const parameters = (database) => rows(`SELECT specific_name, ordinal_position, parameter_mode, parameter_name, dtd_identifier,
  character_set_name FROM information_schema.parameters WHERE specific_schema = '${database}'`);

for (const [what, look] of Object.entries({ tables, triggers, routines, parameters })) {
  test(`the file and the migrations make the same ${what}`, async () => {
    const expected = await look(migrated);
    assert.ok(Object.keys(expected).length >= 8, `there are ${what}`);
    assert.deepEqual(await look(fromFile), expected);
  });
}

test('both begin with the same rows', async () => {
  for (const table of ['feed_state', 'access_state']) {
    assert.deepEqual(
      await stack.sql(`SELECT COUNT(*) FROM ${fromFile}.${table}`),
      await stack.sql(`SELECT COUNT(*) FROM ${migrated}.${table}`),
    );
  }
});
