// Cutting texts to what the server takes, without leaving half a character.

interface Segmenter {
  segment(text: string): Iterable<{ index: number }>;
}

/** At most so many UTF-16 units. What people take for one character is kept whole or not at all. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const { Segmenter } = Intl as unknown as { Segmenter?: new () => Segmenter };
  if (!Segmenter) return text.slice(0, isLowSurrogate(text, most) ? most - 1 : most);
  // Only the last characters matter: 64 units hold the longest families of emoji that there are.
  let start = Math.max(0, most - 256);
  if (isLowSurrogate(text, start)) start -= 1;
  let end = start;
  for (const { index } of new Segmenter().segment(text.slice(start, most + 64))) {
    if (start + index <= most) end = start + index;
  }
  // One that is longer than all that: between two code points, then.
  return end > start ? text.slice(0, end) : text.slice(0, isLowSurrogate(text, most) ? most - 1 : most);
}

/** The same for an address, in which a character may be up to four %XX. */
export function urlAtMost(url: string, most: number): string {
  if (url.length <= most) return url;
  let short = url.slice(0, most);
  for (let i = 0; i < 5; i += 1) {
    try {
      decodeURI(short);
      break;
    } catch {
      short = short.slice(0, Math.max(short.lastIndexOf('%'), 0));
    }
  }
  return short;
}

/** A name that can be seen, without controls, or undefined: spaces and signs without ink are none. */
export function visibleName(name: string, most: number): string | undefined {
  const plain = cut(name.replace(/\p{Cc}/gu, ' ').replace(/\p{Cs}/gu, '\ufffd').trim(), most).trim();
  // eslint-disable-next-line no-misleading-character-class -- each sign is looked at by itself
  return /[^\s\p{Cc}\p{Cf}\p{M}\p{Z}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/u.test(plain) ? plain : undefined;
}

// Whether a cut there would be between the halves of one code point.
function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}
