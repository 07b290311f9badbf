export default {
  title: 'hydration of the whole document that finds other elements than it expects, in StrictMode',
  versions: 'React 18',
  result: 'Works; the button is put back when React has removed it.',
  libraries: { '/react.js': 'react/umd/react.production.min.js', '/react-dom.js': 'react-dom/umd/react-dom.production.min.js' },
  html: (tag) => `<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1>${tag()}
    <script src="react.js"></script><script src="react-dom.js"></script></body></html>`,
  act: async ({ page, widget }) => {
    await widget.launcher.waitFor();
    await page.evaluate(() => {
      const { createElement: h, StrictMode } = window.React;
      const app = h(StrictMode, null, h('html', null, h('head', null, h('title', null, 'Shop')), h('body', null, h('h2', null, 'Another shop'))));
      window.ReactDOM.hydrateRoot(document, app, { onRecoverableError: () => {} });
    });
    await page.locator('h2').waitFor();
  },
};
