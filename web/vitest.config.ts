// Tests of logic: no browser, no network, no clock but vitest's.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['tests/**/*.test.ts'], setupFiles: ['tests/globals.ts'] },
});
