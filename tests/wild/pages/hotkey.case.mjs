export default {
  title: 'shortcuts of single letters',
  versions: '@github/hotkey 3',
  result: 'Works; keys typed in the chat are not shortcuts of the page.',
  libraries: { '/hotkey.js': '@github/hotkey/dist/index.js' },
  html: (tag) => `<!doctype html><title>Shop</title><body><button data-hotkey="j">Next</button><button data-hotkey="/">Search</button><button data-hotkey="b">Back</button>${tag()}
    <script type="module">
      import { install } from './hotkey.js';
      for (const button of document.querySelectorAll('[data-hotkey]')) install(button);
    </script>`,
};
