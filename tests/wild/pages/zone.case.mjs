export default {
  title: 'zone.js, which replaces fetch, WebSocket, Promise and all timers',
  versions: 'zone.js',
  result: 'Works.',
  libraries: { '/zone.js': 'zone.js/bundles/zone.umd.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script src="zone.js"></script><body><h1>Shop</h1>${tag()}`,
};
