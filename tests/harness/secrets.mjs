// No secret may stand in what the programs log, count or show in `ps`. Every stack of the tests is searched
// when it stops, for whatever was handed out or used in it and for whatever looks like a token or signature.
//
// Tokens and cookies are learned from all HTTP of the test's process by themselves; learn() is for what a test
// makes or says in other ways.
import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const kTokenSize = 43; // 256 bits in base64url
const kPrefixed = /lc[ab]_[A-Za-z0-9_-]{43}/;
const kSignature = /^[0-9a-f]{64}$/;
const kRun = /[A-Za-z0-9_-]{43,}/g;
const kTokens = /(?:lc[ab]_)?([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g;

const tokens = new Set(); // their 43 characters, without a prefix
const phrases = new Set(); // passwords, the site secret

// A password, a site secret, a token; what is too short to be looked for is not looked for.
export function learn(...secrets) {
  for (const secret of secrets) {
    if (typeof secret !== 'string' || secret.length < 8) continue;
    if (kSignature.test(secret) || !learnTokens(secret)) phrases.add(secret);
  }
}

// Of a header or a text with tokens in it; whether there were any.
function learnTokens(text) {
  const found = [...String(text).matchAll(kTokens)];
  for (const [, token] of found) tokens.add(token);
  return found.length > 0;
}

diagnostics.subscribe('http.client.request.start', ({ request }) => {
  for (const name of ['authorization', 'cookie']) learnTokens(request.getHeader(name) ?? '');
});
diagnostics.subscribe('http.client.response.finish', ({ response }) => {
  for (const cookie of response.headers['set-cookie'] ?? []) learnTokens(cookie);
});

// What is random has all kinds of characters; words joined by hyphens have not.
const looksRandom = (text) => /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);

function nameOfSecret(run) {
  if (kPrefixed.test(run)) return 'a token of an agent or bot';
  if (kSignature.test(run)) return 'a signature or a hash';
  if (run.length === kTokenSize && looksRandom(run)) return 'what looks like a token';
  for (let i = 0; i + kTokenSize <= run.length; i += 1) {
    if (tokens.has(run.slice(i, i + kTokenSize))) return 'a token';
  }
  return undefined;
}

// [{ what, place, before }] of a text.
function secretsIn(place, text) {
  const found = [];
  const note = (what, at) => found.push({ what, place, before: text.slice(Math.max(0, at - 80), at) });
  for (const { 0: run, index } of text.matchAll(kRun)) {
    const what = nameOfSecret(run);
    if (what) note(what, index);
  }
  for (const phrase of phrases) {
    const at = text.indexOf(phrase);
    if (at >= 0) note('a password or secret', at);
  }
  return found;
}

// places: { name: text }.
export function assertNoSecrets(places) {
  const found = Object.entries(places).flatMap(([place, text]) => secretsIn(place, text));
  const lines = found.slice(0, 10).map(({ what, place, before }) => `${what} stands in ${place}: …${before}<here>`);
  assert.equal(found.length, 0, lines.join('\n'));
}

// All logs below the folders: { path: text }.
export function logsBelow(...folders) {
  const texts = {};
  for (const folder of folders.filter((one) => fs.existsSync(one))) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory()) Object.assign(texts, logsBelow(name));
      else if (/\.log$/.test(name)) texts[name] = fs.readFileSync(name, 'latin1');
    }
  }
  return texts;
}

// What `ps` shows of a process and of all below it.
export function commandLines(pid) {
  const read = (name) => {
    try {
      return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return ''; // it has ended
    }
  };
  const children = read(`task/${pid}/children`).split(' ').filter(Boolean);
  return [read('cmdline').replaceAll('\0', ' '), ...children.map(commandLines)].join('\n');
}

// What a program counts, at its unix socket; empty when it does not answer.
export function figures(socketPath) {
  return new Promise((resolve) => {
    const call = http.get({ socketPath, path: '/metrics', timeout: 2_000 }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data)).on('end', () => resolve(text)).on('error', () => resolve(''));
    });
    call.on('timeout', () => call.destroy()).on('error', () => resolve(''));
  });
}
