const html = (tag) => `<!doctype html><title>Shop</title><script src="/htmx/htmx.js"></script><body hx-boost="true"><a id="next" href="/htmx/next">Next</a>${tag()}`;

export default {
  title: 'boosted links that swap the body, with the widget’s tag in it',
  versions: 'htmx 2',
  result: 'Works; the tag is not started twice.',
  libraries: { '/htmx.js': 'htmx.org/dist/htmx.min.js' },
  html,
  pages: { '/next': html },
  act: async ({ page, widget }) => {
    await widget.launcher.waitFor();
    await page.click('#next');
    await page.waitForURL('**/next');
  },
};
