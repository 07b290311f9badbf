// The part of the window that the visitor sees. On phones and tablets the keyboard covers the rest of it, and the
// browser moves what is fixed to the window as if the keyboard were not there.
import { useLayoutEffect } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Keeps --below (what is covered at the bottom), --above (at the top) and --height (what is left) at the panel. */
export function useWindow(panel: RefObject<HTMLElement>, open: boolean): void {
  useLayoutEffect(() => {
    const { visualViewport } = window as { visualViewport?: VisualViewport | null };
    if (!open || !visualViewport) return undefined;
    const fit = (): void => {
      const style = panel.current?.style;
      const whole = panel.current?.parentElement?.parentElement?.clientHeight ?? 0;
      if (!style) return;
      const { height, offsetTop, scale } = visualViewport;
      const below = whole - offsetTop - height;
      // Who magnifies the page sees a part of it, and moves it about.
      const isCovered = Math.abs(scale - 1) < 0.01 && (below > 1 || offsetTop > 1);
      const values = { '--below': below, '--above': offsetTop, '--height': height };
      for (const name of ['--below', '--above', '--height'] as const) {
        if (isCovered) style.setProperty(name, `${Math.round(values[name])}px`);
        else style.removeProperty(name);
      }
    };
    fit();
    visualViewport.addEventListener('resize', fit);
    visualViewport.addEventListener('scroll', fit);
    return () => {
      visualViewport.removeEventListener('resize', fit);
      visualViewport.removeEventListener('scroll', fit);
    };
  }, [open]);
}
