// What the fields of widget and console where messages are written have in common.
import { useLayoutEffect } from 'preact/hooks';
import type { RefObject } from 'preact';

const mostBytes = 65_536; // limits.message_bytes; the server has the last word

/** Makes the field as high as its text. Its style says how high it may become. */
export function useHeightOf(text: string, field: RefObject<HTMLTextAreaElement>): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
}

/** Whether it is more than a message may be. */
export function isTooLong(text: string): boolean {
  return text.length > mostBytes / 4 && new TextEncoder().encode(text).length > mostBytes;
}
