export default {
  title: 'MooTools, which gives elements, arrays and functions methods of its own',
  versions: 'MooTools 1.4.5',
  result: 'Works.',
  libraries: { '/mootools.js': '/usr/share/javascript/mootools/mootools.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script src="mootools.js"></script><body><h1>Shop</h1>${tag()}`,
};
