// Finds the web addresses in a text. Only http and https become links; everything stays the text that
// somebody wrote. Pure.

export type Piece = string | { text: string; href: string };

const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutTail(match[0]);
    const href = target(found);
    if (!href) continue;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

// What ends a sentence belongs to the sentence, and a closing bracket to the one that opened before.
function withoutTail(found: string): string {
  for (;;) {
    const last = found.at(-1) ?? '';
    const opening = { ')': '(', ']': '[', '}': '{' }[last];
    const surplus = opening && found.split(last).length > found.split(opening).length;
    if (!surplus && !/[.,;:!?…。，！？；：、*_~]/.test(last)) return found;
    found = found.slice(0, -1);
  }
}

function target(found: string): string | undefined {
  try {
    const url = new URL(/^www\./i.test(found) ? `https://${found}` : found);
    return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** One to three emoji and nothing else: shown large. */
export function isOnlyEmoji(text: string): boolean {
  return /^(?:\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic})*\s?){1,3}$/u.test(text.trim());
}
