// What the fields of widget and console where messages are written have in common.
import { useLayoutEffect } from 'preact/hooks';
import type { RefObject } from 'preact';

const mostBytes = 65_536; // limits.message_bytes; the server has the last word
const highest = 2_000; // UTF-16 units, after which a field is as high as it may be

/** Makes the field as high as its text. Its style says how high it may become. */
export function useHeightOf(text: string, field: RefObject<HTMLTextAreaElement>): void {
  const isLong = text.length > highest;
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    // To measure a long text takes longer than there is between two keys.
    element.style.height = isLong ? '100vh' : 'auto';
    if (!isLong) element.style.height = `${element.scrollHeight}px`;
  }, [isLong || text]);
}

/** Whether it is more than a message may be. */
export function isTooLong(text: string): boolean {
  return text.length > mostBytes / 4 && bytesOf(text) > mostBytes;
}

/** How many UTF-16 units of a text that is too long a message can hold. */
export function lengthThatFits(text: string): number {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > mostBytes) break;
    length += character.length;
  }
  return length;
}

/** Whether an input method is at work, to which Enter and Escape belong then. */
export function isComposing(event: KeyboardEvent): boolean {
  // Safari says it by the code alone.
  return event.isComposing || event.keyCode === 229; // eslint-disable-line @typescript-eslint/no-deprecated
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
