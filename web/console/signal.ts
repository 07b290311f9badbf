// Something that views show and that changes: what shows it is drawn again, at most once a frame.
import { useLayoutEffect, useState } from 'preact/hooks';

// Where no frames are drawn: a tab in the background still has to show the truth some time.
const pauseWhenHidden = 500;

export class Signal {
  private readonly listeners = new Set<() => void>();
  private waiting = false;
  private version = 0;

  /** Something has changed. */
  bump(): void {
    this.version += 1;
    if (this.waiting) return;
    this.waiting = true;
    if (document.hidden) setTimeout(this.tell, pauseWhenHidden);
    else requestAnimationFrame(this.tell);
  }

  /** The same, without waiting for a frame: what answers to a click. */
  bumpNow(): void {
    this.version += 1;
    this.tell();
  }

  get current(): number {
    return this.version;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private readonly tell = (): void => {
    this.waiting = false;
    for (const listener of [...this.listeners]) listener();
  };
}

/** Draws the component again when one of these changes. */
export function useSignal(...signals: readonly Signal[]): void {
  const [, draw] = useState(0);
  const drawn = signals.map((signal) => signal.current);
  useLayoutEffect(() => {
    const redraw = (): void => draw((count) => count + 1);
    const stops = signals.map((signal) => signal.subscribe(redraw));
    // What changed between drawing and subscribing.
    if (signals.some((signal, i) => signal.current !== drawn[i])) redraw();
    return () => stops.forEach((stop) => stop());
  }, signals);
}
