// Whether a secret stands somewhere it does not belong: in what the programs of a stack, nginx and the
// scripts have logged, in the figures, and in what everybody on the machine sees of the processes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

// All files below a folder.
function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(name);
    return entry.isFile() ? [name] : [];
  });
}

// What `ps` shows of the whole machine.
function commandLines() {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // it has ended
    }
  }).join('\n');
}

function page(socketPath, name) {
  return new Promise((resolve, reject) => {
    http.get({ socketPath, path: name }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

// metrics: paths of unix sockets that answer GET /metrics.
export async function assertKeptSecret(stack, secrets, { metrics = [] } = {}) {
  const places = { 'what scripts/run said': stack.output, 'ps': commandLines() };
  for (const file of filesBelow(path.join(stack.state, 'log'))) places[file] = fs.readFileSync(file, 'latin1');
  for (const file of filesBelow(path.join(stack.state, 'nginx'))) {
    if (/\.log$/.test(file)) places[file] = fs.readFileSync(file, 'latin1');
  }
  for (const socket of metrics) places[socket] = await page(socket, '/metrics');
  assert.ok(Object.keys(places).some((name) => name.endsWith('access.log')), 'nginx has logged');
  for (const secret of secrets) {
    assert.ok(secret.length >= 8, 'a secret that is worth looking for');
    for (const [place, text] of Object.entries(places)) {
      const at = text.indexOf(secret);
      assert.equal(at, -1, `a secret stands in ${place}: …${text.slice(Math.max(0, at - 80), at)}<here>`);
    }
  }
}
