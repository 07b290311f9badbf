export default {
  title: 'the script in a bundle of the site, without a tag of its own',
  result: 'Works when the page calls configure({ server, site }).',
  html: (tag, stack) => `<!doctype html><title>Shop</title><body><script>
    fetch('${stack.url}/widget.js').then((answer) => answer.text()).then((text) => {
      const bundle = document.createElement('script');
      bundle.textContent = text + ';LiveChat.configure({ server: "${stack.url}", site: "bundle" });';
      document.body.append(bundle);
    });
  </script>`,
};
