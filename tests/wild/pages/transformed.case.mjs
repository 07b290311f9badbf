export default {
  title: 'a filter, a transform and a zoom on the body, and a transform on the document',
  result: 'Works; button and panel stand at the window’s edge.',
  html: (tag) => `<!doctype html><title>Shop</title><style>html { transform: translateZ(0); } body { filter: grayscale(1); zoom: 1.5; height: 5000px; }</style><body><h1>Shop</h1>${tag()}`,
  act: async ({ page, widget }) => {
    await widget.launcher.waitFor();
    await page.evaluate(() => scrollTo(0, 2000));
  },
  during: async ({ page, widget }) => {
    const { y, height } = await widget.panel.boundingBox();
    if (y < 0 || y + height > 800) throw new Error(`the panel is at ${y}, ${height} high`);
    if (await page.evaluate(() => scrollY) !== 2000) throw new Error('the page was moved');
  },
};
