// The client library as a package of its own: one ES module, its types, a package.json; and all of it as an archive
// that npm installs from an address, since TypeScript fetches no types.
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
  for (const name of fs.readdirSync(path.join(out, 'types'))) nameFiles(path.join(out, 'types', name));
  const about = {
    name: 'livechat-client',
    version: version(root),
    description: 'The client of livechat: conversations over Socket.IO, long-polling and REST',
    type: 'module',
    exports: { '.': { types: './types/index.d.ts', default: './livechat-client.js' } },
    sideEffects: false,
  };
  fs.writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--no-update-notifier', '--ignore-scripts'], { cwd: out, encoding: 'utf8' }));
  fs.renameSync(path.join(out, filename), path.join(out, 'livechat-client.tgz'));
}

function version(root) {
  return /project\(\s*livechat[^)]*?VERSION\s+([\d.]+)/i.exec(fs.readFileSync(path.join(root, '../CMakeLists.txt'), 'utf8'))[1];
}

// As compilers that follow Node's rules want them: './rest.js', not './rest'.
function nameFiles(declaration) {
  const text = fs.readFileSync(declaration, 'utf8');
  fs.writeFileSync(declaration, text.replace(/((?:from|import\()\s*')(\.\/\w+)(')/g, '$1$2.js$3'));
}
