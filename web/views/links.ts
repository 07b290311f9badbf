// The web addresses in what people write. Only http and https (and mailto, where it is wanted) become links; all else
// stays the text that it is. Takes time in proportion to the text, whatever stands in it. Pure.

export interface Piece {
  text: string;
  href?: string | undefined;
}

// An address ends where a space, a quotation mark, a bracket of markup, a control or a change of direction begins.
const web = String.raw`\b(?:https?:\/\/|www\.)[^\s<>"'\x60\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+`;
const mail = String.raw`\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+`;
const webOnly = new RegExp(web, 'giu');
const webAndMail = new RegExp(`${web}|${mail}`, 'giu');

// A text with more is not one that people read for its links.
const mostTries = 200;
const longest = 2_048; // what browsers and servers take for an address

export function linkify(text: string, withMail = false): Piece[] {
  const pattern = withMail ? webAndMail : webOnly;
  const pieces: Piece[] = [];
  let end = 0;
  pattern.lastIndex = 0;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const match = pattern.exec(text);
    if (!match) break;
    const found = withoutTail(match[0]);
    const href = found.length > longest ? undefined : target(found);
    if (!href) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The URL if it is one that may be followed: http or https, and nothing that looks like another host. */
export function safeUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    const { protocol, username, password, href } = new URL(text);
    return /^https?:$/.test(protocol) && !username && !password ? href : undefined;
  } catch {
    return undefined;
  }
}

const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const punctuation = '.,;:!?…。，！？；：、*_~';

// What ends a sentence belongs to the sentence, and a closing bracket to the one that opened before.
function withoutTail(found: string): string {
  // Of each closing bracket, how many have none that opened.
  const surplus: Record<string, number> = { ')': 0, ']': 0, '}': 0 };
  const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
  for (let i = 0; i < found.length; i += 1) {
    const letter = found.charAt(i);
    if (openings[letter]) surplus[letter] = (surplus[letter] ?? 0) + 1;
    const closing = closings[letter];
    if (closing) surplus[closing] = (surplus[closing] ?? 0) - 1;
  }
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    if ((surplus[last] ?? 0) > 0 && openings[last]) surplus[last] = (surplus[last] ?? 0) - 1;
    else if (punctuation.indexOf(last) < 0) break;
  }
  return found.slice(0, end);
}

function target(found: string): string | undefined {
  if (/^https?:/i.test(found)) return safeUrl(found);
  if (/^www\./i.test(found)) return safeUrl(`https://${found}`);
  return `mailto:${encodeURIComponent(found).replace('%40', '@')}`;
}
