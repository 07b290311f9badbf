// The widget: widget.js, a classic script that puts the button on the page, and what it loads when the
// visitor opens the conversation: one module, and one with the texts of the visitor's language.
import path from 'node:path';

import { build } from 'vite';

import { settings } from './settings.mjs';

export async function widget(root, out) {
  const files = await build(settings(root, path.join(out, 'livechat'), {
    rollupOptions: {
      input: path.join(root, 'widget/panel/index.tsx'),
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'panel-[hash].js', chunkFileNames: '[name]-[hash].js' },
    },
  }));
  const panel = files.output.find((file) => file.isEntry).fileName;
  await build({
    ...settings(root, out, {
      lib: { entry: path.join(root, 'widget/loader/index.ts'), formats: ['iife'], name: 'unused', fileName: () => 'widget.js' },
      rollupOptions: { output: { extend: true } },
    }),
    define: { __PANEL__: JSON.stringify(`livechat/${panel}`) },
  });
}
