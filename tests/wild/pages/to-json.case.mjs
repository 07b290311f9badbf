// What Prototype 1.6 does to JSON; Debian and npm have only later ones.
const script = `
  Array.prototype.toJSON = function () { return '[' + this.map(function (one) { return JSON.stringify(one); }).join(', ') + ']'; };
  String.prototype.toJSON = function () { return '"' + this + '"'; };
  Object.prototype.surprise = function () { return 'of the page'; };
  Array.prototype.last = function () { return this[this.length - 1]; };
  Array.from = function (list) { return [].slice.call(list); };`;

export default {
  title: 'toJSON on arrays and strings, and more properties on every object and array',
  versions: 'as Prototype 1.6 does',
  result: 'Works; what travels is written without toJSON.',
  html: (tag) => `<!doctype html><title>Shop</title><script>${script}</script><body><h1>Shop</h1>${tag()}`,
};
