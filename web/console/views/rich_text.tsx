// What somebody wrote, with its links: text nodes and anchors, never markup.
import type { JSX } from 'preact';

import { linkify } from '../text/links';

export function RichText({ text }: { text: string }): JSX.Element {
  return (
    <>
      {linkify(text).map(({ text: part, href }, i) =>
        href ? (
          <a key={i} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
