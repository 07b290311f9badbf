export default {
  title: 'a page that clears localStorage while the chat is open',
  result: 'Works; what the chat knows is kept again.',
  html: (tag) => `<!doctype html><title>Shop</title><body>${tag()}`,
  during: ({ page }) => page.evaluate(() => localStorage.clear()),
};
