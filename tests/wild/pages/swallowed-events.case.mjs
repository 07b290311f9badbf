const script = `
  for (const name of ['keydown', 'keypress', 'keyup', 'paste', 'copy', 'selectstart', 'mousedown', 'contextmenu', 'wheel', 'touchmove']) {
    document.addEventListener(name, (event) => event.target.localName !== 'input' && event.preventDefault(), { passive: false });
  }
  document.addEventListener('focusin', ({ target }) => target.localName === 'livechat-widget' && document.querySelector('input').focus());`;

export default {
  title: 'listeners at the document that prevent keys, clicks, selecting, pasting and scrolling',
  result: 'Works; only listeners that capture at the window come first.',
  html: (tag) => `<!doctype html><title>Shop</title><script>${script}</script><body><input>${tag()}`,
};
