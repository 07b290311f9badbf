// The number of unread messages in front of the page's title. The page may change its title meanwhile.

const mark = /^\(\d+\+?\) /;

export function titleWith(title: string, unread: number): string {
  const plain = title.replace(mark, '');
  return unread > 0 ? `(${countText(unread)}) ${plain}` : plain;
}

/** 1 … 99, then 99+. */
export function countText(count: number): string {
  return count > 99 ? '99+' : String(count);
}
