export default {
  title: 'a page that removes elements that it does not know, and rewrites itself as text',
  result: 'Works; the element is put back within a second.',
  html: (tag) => `<!doctype html><title>Shop</title><body><h1>Shop</h1>${tag()}`,
  act: async ({ page, widget }) => {
    await widget.launcher.waitFor();
    await page.evaluate(() => document.querySelector('livechat-widget').remove());
    await widget.launcher.waitFor();
    await page.evaluate(() => {
      const { documentElement } = document;
      documentElement.append(document.createElement('livechat-widget')); // a copy without a root
      document.body.innerHTML = '<p>Rewritten</p>';
      for (const one of document.querySelectorAll('livechat-widget')) one.remove();
    });
    await widget.launcher.waitFor();
  },
  during: async ({ page, widget }) => {
    await page.evaluate(() => document.querySelector('livechat-widget').remove());
    await widget.field.waitFor();
  },
};
