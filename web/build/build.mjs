// Makes everything that nginx serves out of this folder:
//
//   OUT/widget.js            the tag that a site embeds; OUT/livechat/ is what it loads when it is opened
//   OUT/livechat/client/     the client library alone, as an ES module with types
//   OUT/console/             the agents' console
//   OUT/index.html           the demo page, its assets in OUT/demo/
//   OUT/socket.io.js         the stock Socket.IO client, where its own server offers it, too
//
// Beside each text file lies the same compressed (.gz): nginx sends that as it is.
//
// usage: node build/build.mjs --out DIR
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';

import { clientLibrary } from './client.mjs';
import { page } from './page.mjs';
import { widget } from './widget.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { out: folder } = parseArgs({ options: { out: { type: 'string' } } }).values;
if (!folder) throw new Error('usage: node build/build.mjs --out DIR');
const out = path.resolve(folder);

function compress(directory) {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) compress(file);
    else if (/\.(js|css|html|json|svg)$/.test(entry.name)) {
      fs.writeFileSync(`${file}.gz`, zlib.gzipSync(fs.readFileSync(file), { level: 9 }));
    }
  }
}

fs.rmSync(out, { recursive: true, force: true });
await page(path.join(root, 'demo'), out, 'demo');
await page(path.join(root, 'console'), path.join(out, 'console'), 'assets');
await widget(root, out);
await clientLibrary(root, path.join(out, 'livechat/client'));
fs.copyFileSync(path.join(root, 'node_modules/socket.io-client/dist/socket.io.min.js'), path.join(out, 'socket.io.js'));
compress(out);
