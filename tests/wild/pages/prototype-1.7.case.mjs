export default {
  title: 'Prototype, which replaces Array.from and methods of arrays and elements',
  versions: 'Prototype 1.7.3',
  result: 'Works; messages written without a network are sent later.',
  libraries: { '/prototype.js': '/usr/share/javascript/prototype/prototype.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script src="prototype.js"></script><body><h1>Shop</h1>${tag()}`,
};
