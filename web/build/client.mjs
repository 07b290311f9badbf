// The client library as a package of its own: one ES module, its types, a package.json.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { build } from 'vite';

import { settings } from './settings.mjs';

export async function clientLibrary(root, out) {
  await build(settings(root, out, {
    lib: { entry: path.join(root, 'client/index.ts'), formats: ['es'], fileName: () => 'livechat-client.js' },
    minify: false,
  }));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', path.join(root, 'client'), '--outDir', path.join(out, 'types')], { stdio: 'inherit' });
  const about = {
    name: 'livechat-client',
    description: 'The client of livechat: conversations over Socket.IO, long-polling and REST',
    type: 'module',
    exports: { '.': { types: './types/index.d.ts', default: './livechat-client.js' } },
    sideEffects: false,
  };
  fs.writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
}
