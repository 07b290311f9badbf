// Imported into every test file: a failed test that leaves a connection open does not keep the file running.
import { after } from 'node:test';

const graceMs = 60_000; // for the file's own after() to stop its stack

after(() => {
  const leave = () => {
    console.error('something was left open; the file is ended');
    process.exit();
  };
  setTimeout(leave, graceMs).unref();
});
