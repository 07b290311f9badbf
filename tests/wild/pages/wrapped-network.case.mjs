const script = `
  const { fetch: plain, WebSocket: Plain, setTimeout: later } = window;
  window.fetch = function (...all) { return plain.apply(window, all).then((answer) => answer); };
  window.WebSocket = class extends Plain { constructor(...all) { super(...all); } };
  window.setTimeout = (act, delay, ...all) => later(() => act(...all), delay);
  Date.now = () => 86_400_000;`;

export default {
  title: 'wrappers around fetch, WebSocket and timers, and a clock that stands still',
  result: 'Works.',
  html: (tag) => `<!doctype html><title>Shop</title><script>${script}</script><body>${tag()}`,
};
