const html = (tag) => `<!doctype html><title>Shop</title><script src="/turbo/turbo.js"></script><body><a id="next" href="/turbo/next">Next</a>${tag()}`;

export default {
  title: 'links that replace the body',
  versions: 'Turbo 8',
  result: 'Works; the button stays over page changes.',
  libraries: { '/turbo.js': '@hotwired/turbo/dist/turbo.es2017-umd.js' },
  html,
  pages: { '/next': html },
  act: async ({ page, widget }) => {
    await widget.launcher.waitFor();
    await page.click('#next');
    await page.waitForURL('**/next');
  },
  during: async ({ page }) => {
    await page.click('#next');
  },
};
