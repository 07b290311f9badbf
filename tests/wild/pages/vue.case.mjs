export default {
  title: 'an application that is mounted on the body',
  versions: 'Vue 3',
  result: 'Works.',
  libraries: { '/vue.js': 'vue/dist/vue.global.prod.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script src="vue.js"></script>${tag()}<body>
    <script>addEventListener('load', () => Vue.createApp({ render: () => Vue.h('h1', 'Shop') }).mount('body'))</script>`,
};
