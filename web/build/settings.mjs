// What all of Vite's runs have in common.

// overrides: of "build" in Vite's configuration
export function settings(root, outDir, overrides) {
  return {
    root,
    base: './',
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
    build: {
      outDir,
      emptyOutDir: false,
      target: ['chrome100', 'firefox100', 'safari15.4'],
      modulePreload: false,
      reportCompressedSize: false,
      ...overrides,
    },
  };
}
