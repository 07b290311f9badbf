export default {
  title: 'an open Bootstrap modal, which takes the focus back',
  versions: 'Bootstrap 5, jQuery 3',
  result: 'Works; the focus stays in the chat’s field. With a backdrop, the chat stands above it.',
  libraries: { '/jquery.js': 'jquery/dist/jquery.min.js', '/bootstrap.js': 'bootstrap/dist/js/bootstrap.bundle.min.js' },
  html: (tag) => `<!doctype html><title>Shop</title><script src="jquery.js"></script><script src="bootstrap.js"></script><body>
    <div class="modal" id="m" tabindex="-1" style="position: fixed; inset: 0 auto auto 0"><div class="modal-dialog"><div class="modal-content"><input id="in"></div></div></div>${tag()}`,
  during: ({ page }) => page.evaluate(() => new Promise((resolve) => {
    const modal = document.querySelector('#m');
    modal.addEventListener('shown.bs.modal', resolve);
    new window.bootstrap.Modal(modal, { backdrop: false }).show();
  })),
};
