// The widget: widget.js, a classic script that puts the button on the page, and what it loads when the
// visitor opens the conversation: one module, and one with the texts of the visitor's language. The styles
// are in the scripts; for browsers that cannot take them from there they lie beside them as files, too.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { build, transformWithEsbuild } from 'vite';

import { settings } from './settings.mjs';

export async function widget(root, out) {
  const define = {
    __LOADER_STYLE__: JSON.stringify(await styleFile(path.join(root, 'widget/loader/loader.css'), out)),
    __PANEL_STYLE__: JSON.stringify(await styleFile(path.join(root, 'widget/panel/panel.css'), out)),
  };
  const files = await build({
    ...settings(root, path.join(out, 'livechat'), {
      rollupOptions: {
        input: path.join(root, 'widget/panel/index.tsx'),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: 'panel-[hash].js', chunkFileNames: '[name]-[hash].js' },
      },
    }),
    define,
    plugins: [withoutPreloading],
  });
  const panel = files.output.find((file) => file.isEntry).fileName;
  // Under names that stay, for pages that were loaded before an update: they ask for what is not there any more.
  for (const { fileName, name } of files.output.filter((file) => file.type === 'chunk')) {
    const stays = fileName === panel ? 'panel' : name;
    fs.copyFileSync(path.join(out, 'livechat', fileName), path.join(out, 'livechat', `${stays}.js`));
  }
  fs.copyFileSync(path.join(root, 'widget/livechat.d.ts'), path.join(out, 'livechat/widget.d.ts'));
  await build({
    ...settings(root, out, {
      lib: { entry: path.join(root, 'widget/loader/index.ts'), formats: ['iife'], name: 'unused', fileName: () => 'widget.js' },
      rollupOptions: { output: { extend: true } },
    }),
    define: { ...define, __PANEL__: JSON.stringify(`livechat/${panel}`) },
  });
}

// A module is loaded when it is needed, which browsers do by themselves: Vite's helper, which loads its styles and its
// modules beforehand, would be 0.8 KiB that do nothing.
const withoutPreloading = {
  name: 'without-preloading',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined),
};

// Gives its address, seen from widget.js.
async function styleFile(source, out) {
  const { code } = await transformWithEsbuild(fs.readFileSync(source, 'utf8'), source, { loader: 'css', minify: true, sourcemap: false });
  const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8);
  const name = `livechat/${path.basename(source, '.css')}-${hash}.css`;
  fs.mkdirSync(path.join(out, 'livechat'), { recursive: true });
  fs.writeFileSync(path.join(out, name), code);
  return name;
}
