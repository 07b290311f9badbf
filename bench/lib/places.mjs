// Where things are.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const bench = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const out = path.resolve(bench, '../build/bench');
export const programs = path.resolve(process.env.LIVECHAT_BUILD ?? path.join(bench, '../build/release'), 'bin');
