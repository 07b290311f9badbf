export default {
  title: 'Alpine, which watches the whole document',
  versions: 'Alpine 3',
  result: 'Works.',
  libraries: { '/alpine.js': 'alpinejs/dist/cdn.min.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script defer src="alpine.js"></script><body x-data="{ open: false }" @keydown.window="open = true"><h1 x-text="open">Shop</h1>${tag()}`,
};
