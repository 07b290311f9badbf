// A page with its scripts and styles: the console, the demo page.
import { build } from 'vite';

import { settings } from './settings.mjs';

// root: the folder of index.html; assets: the folder below out for all other files
export async function page(root, out, assets) {
  await build(settings(root, out, { assetsDir: assets, assetsInlineLimit: 0 }));
}
