export default {
  title: 'an element whose id is LiveChat',
  result: 'Works; the name is the widget’s.',
  html: (tag) => `<!doctype html><title>Shop</title><body><div id="LiveChat">Chat</div>${tag()}`,
};
