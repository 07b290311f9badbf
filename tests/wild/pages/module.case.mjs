export default {
  title: 'the tag as a module',
  result: 'Works.',
  html: (tag) => `<!doctype html><title>Shop</title><body>${tag('type="module"')}`,
};
