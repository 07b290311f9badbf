export default {
  title: 'a page with an object of its own named LiveChat',
  result: 'Works; the object stays the page’s and gets the functions that it lacks; a line in the console says so.',
  html: (tag) => `<!doctype html><title>Shop</title><script>window.own = window.LiveChat = { mine: 1 };</script><body>${tag()}`,
  during: async ({ page }) => {
    if (!(await page.evaluate(() => window.own === window.LiveChat && window.own.mine === 1 && typeof window.own.open === 'function'))) throw new Error('the page lost its object');
  },
};
