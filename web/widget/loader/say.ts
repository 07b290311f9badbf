// What the developer of the page reads in the console, a line each.

import { contains, entries } from '../../client/builtins';

/* eslint-disable no-console */
export const warn = (text: string): void => console.warn(`LiveChat: ${text}`);
export const complain = (text: string): void => console.error(`LiveChat: ${text}`);
/* eslint-enable no-console */

/** Warns of keys that mean nothing here. */
export function warnOfUnknown(given: object, known: readonly string[], where: string): void {
  for (const [key] of entries(given)) {
    if (!contains(known, key)) warn(`${where} does not know "${key}"; it knows ${known.join(', ')}`);
  }
}
