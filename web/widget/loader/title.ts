// The number of unread messages in front of the page's title. The page may change its title meanwhile.

const mark = /^\(\d+\+?\) /;
const patience = 300; // milliseconds; a page that changes its title all the time is not outrun

export function titleWith(title: string, unread: number): string {
  const plain = title.replace(mark, '');
  return unread > 0 ? `(${countText(unread)}) ${plain}` : plain;
}

/** 1 … 99, then 99+. */
export function countText(count: number): string {
  return count > 99 ? '99+' : `${count}`;
}

/** Keeps the number there, also when a router gives the page another title. */
export class Title {
  private unread = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly observer = new MutationObserver(() => {
    this.timer ??= setTimeout(() => this.show(this.unread), patience);
  });

  show(unread: number): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.observer.disconnect();
    const title = titleWith(document.title, unread);
    if (unread !== this.unread || unread > 0) {
      this.unread = unread;
      if (title !== document.title) document.title = title;
    }
    if (unread > 0) this.observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  }
}
