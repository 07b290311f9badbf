// The links in what somebody wrote. Only http, https and mailto become links; all else stays text.

export interface TextPart {
  text: string;
  href?: string | undefined;
}

const candidate = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/gi;
const mostLinks = 200;

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
  let rest = word.replace(/[.,;:!?…]+$/, '');
  while (rest.endsWith(')') && rest.split(')').length > rest.split('(').length) {
    rest = rest.slice(0, -1).replace(/[.,;:!?…]+$/, '');
  }
  return rest;
}

function address(word: string): string | undefined {
  if (/^https?:/i.test(word)) return safeUrl(word);
  if (/^www\./i.test(word)) return safeUrl(`https://${word}`);
  return `mailto:${encodeURIComponent(word).replace('%40', '@')}`;
}
