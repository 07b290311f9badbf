export default {
  title: 'a focus trap that listens before anything else can',
  versions: 'focus-trap',
  result: 'Works when the page pauses the trap while the chat is open (docs/widget.md, "Modals and shortcuts").',
  libraries: { '/tabbable.js': 'tabbable/dist/index.umd.min.js', '/focus-trap.js': 'focus-trap/dist/focus-trap.umd.min.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script src="tabbable.js"></script><script src="focus-trap.js"></script><body><div id="m"><input></div>${tag()}
    <script>
      const trap = focusTrap.createFocusTrap('#m', { allowOutsideClick: true });
      trap.activate();
      (window.LiveChat ??= []).push((chat) => {
        chat.on('open', () => trap.pause());
        chat.on('close', () => trap.unpause());
      });
    </script>`,
};
