// The storage that tabs of one browser share, without a browser.
import type { Store } from '../../client';

interface View {
  readonly kept: Map<string, string>;
  listener?: ((key: string) => void) | undefined;
}

export class Tabs {
  private readonly views: View[] = [];

  /** delay: milliseconds until the other tabs see what one has written; 0: they do at once. */
  constructor(private readonly delay = 0) {}

  /** A tab's view of it. */
  open(): Store {
    const view: View = { kept: new Map(this.views[0]?.kept) };
    this.views.push(view);
    return {
      get<Value>(key: string) {
        const text = view.kept.get(key);
        return text === undefined ? undefined : (JSON.parse(text) as Value);
      },
      set: (key, value) => {
        const text = value === undefined ? undefined : JSON.stringify(value);
        write(view, key, text);
        const share = (): void => this.share(view, key, text);
        if (this.delay > 0) setTimeout(share, this.delay);
        else share();
      },
      keys: (start) => [...view.kept.keys()].filter((key) => key.startsWith(start)),
      watch: (listener) => {
        view.listener = listener;
        return () => (view.listener = undefined);
      },
    };
  }

  // What was written last is what all have in the end, also who wrote before.
  private share(writer: View, key: string, text: string | undefined): void {
    for (const view of this.views) {
      write(view, key, text);
      if (view !== writer) view.listener?.(key);
    }
  }
}

function write({ kept }: View, key: string, text: string | undefined): void {
  if (text === undefined) kept.delete(key);
  else kept.set(key, text);
}
