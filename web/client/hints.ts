// When a browser has reason to believe that the server can, or cannot, be reached any more.

/** Calls look at every such moment until the returned function is called. */
export function watchHints(look: () => void): () => void {
  const lookWhenVisible = (): void => {
    if (document.visibilityState === 'visible') look();
  };
  const names = ['online', 'offline', 'pageshow'];
  for (const name of names) addEventListener(name, look);
  document.addEventListener('visibilitychange', lookWhenVisible);
  return () => {
    for (const name of names) removeEventListener(name, look);
    document.removeEventListener('visibilitychange', lookWhenVisible);
  };
}
