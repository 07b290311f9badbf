// Waiting for a condition instead of for a time.

// Until condition() gives something true (or a promise of it), which is returned. what: a text, or a
// function that gives one when it was in vain.
export async function waitFor(condition, what, timeout = 20_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) {
      throw new Error(`waited ${timeout} ms in vain for ${typeof what === 'function' ? what() : what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
