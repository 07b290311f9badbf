// Keeps the widget's element on the page. It stands beside <body>, where no filter, transform or zoom of the page's
// content reaches it, and where routers do not clear up; a page that removes it all the same gets it back.
import { warn } from './say';

// All in milliseconds.
const firstDelay = 100;
const longestDelay = 30_000;
const peace = 10_000; // after which a page that removed it has stopped doing so

export class Place {
  private readonly observer = new MutationObserver(() => this.check());
  private timer: ReturnType<typeof setTimeout> | undefined;
  private delay = firstDelay;
  private putAt = 0;
  private wanted = false;
  private focused: HTMLElement | undefined;

  constructor(
    private readonly element: HTMLElement,
    /** It is back after the page had removed it. */
    private readonly returned: () => void,
  ) {
    const root = element.shadowRoot as ShadowRoot;
    root.addEventListener('focusin', ({ target }) => (this.focused = target as HTMLElement));
    root.addEventListener('focusout', () => {
      if (element.isConnected) this.focused = undefined;
    });
  }

  /** Puts it on the page, or where it belongs on the page. */
  put(): void {
    const { element, observer, focused } = this;
    const root = document.documentElement;
    this.wanted = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    // Pages that write themselves once more, as text, make empty copies of it.
    for (const copy of document.querySelectorAll(element.localName)) {
      if (copy !== element) copy.parentNode?.removeChild(copy);
    }
    if (element.parentNode !== root) {
      root.appendChild(element);
      this.putAt = performance.now();
      if (focused && document.activeElement === document.body) focused.focus({ preventScroll: true });
    }
    this.raise();
    observer.disconnect();
    observer.observe(document, { childList: true });
    observer.observe(root, { childList: true });
  }

  /** Takes it off the page. */
  leave(): void {
    this.wanted = false;
    this.focused = undefined;
    this.observer.disconnect();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.element.parentNode?.removeChild(this.element);
  }

  // A page that removes it again and again is not answered faster and faster.
  private check(): void {
    if (!this.wanted || this.timer !== undefined || this.element.parentNode === document.documentElement) return;
    if (performance.now() - this.putAt > peace) this.delay = firstDelay;
    this.timer = setTimeout(() => {
      this.put();
      this.returned();
    }, this.delay);
    if (this.delay === firstDelay) warn('the page has removed <livechat-widget>, it is put back; LiveChat.hide() and LiveChat.destroy() take it away');
    this.delay = Math.min(this.delay * 2, longestDelay);
  }

  // Where <html> itself is transformed, only the top layer is fixed to the window.
  private raise(): void {
    const { element } = this;
    if (!('showPopover' in element) || getComputedStyle(element).position !== 'fixed') return; // no style yet
    const { top, left, width, height } = element.getBoundingClientRect();
    if (Math.abs(top) < 1 && Math.abs(left) < 1 && width <= innerWidth + 1 && height <= innerHeight + 1) return;
    try {
      element.popover = 'manual';
      element.showPopover();
    } catch {
      // It is not better then than it would be without.
    }
  }
}
