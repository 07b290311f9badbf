// The links in what somebody wrote. Only http, https and mailto become links; all else stays text.

export interface TextPart {
  text: string;
  href?: string | undefined;
}

const candidate = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/gi;
const mostLinks = 200;
const punctuation = '.,;:!?…';

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(candidate)) {
    if (parts.length > mostLinks * 2) break;
    const word = withoutTail(match[0]);
    const href = address(word);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: word, href });
    end = match.index + word.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The URL if it is one that may be followed: http or https. */
export function safeUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    const url = new URL(text);
    return (url.protocol === 'http:' || url.protocol === 'https:') && !url.username && !url.password ? url.href : undefined;
  } catch {
    return undefined;
  }
}

// "(see https://a.example/b)." ends before the bracket.
function withoutTail(word: string): string {
  let open = 0; // brackets that are closed more often than opened
  for (const letter of word) {
    if (letter === '(') open -= 1;
    else if (letter === ')') open += 1;
  }
  let end = word.length;
  for (; end > 0; end -= 1) {
    const letter = word.charAt(end - 1);
    if (letter === ')' && open > 0) open -= 1;
    else if (!punctuation.includes(letter)) break;
  }
  return word.slice(0, end);
}

function address(word: string): string | undefined {
  if (/^https?:/i.test(word)) return safeUrl(word);
  if (/^www\./i.test(word)) return safeUrl(`https://${word}`);
  return `mailto:${encodeURIComponent(word).replace('%40', '@')}`;
}
