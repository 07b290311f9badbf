// A message with its links: text nodes and anchors, never markup. Of a long text the beginning, and more by
// and by.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { fold } from '../text/fold';
import { linkify } from '../text/links';
import { texts } from '../text/texts';

export function RichText({ text }: { text: string }): JSX.Element {
  const [steps, setSteps] = useState(1);
  const parts = useMemo(() => linkify(text), [text]);
  const { shown, more } = useMemo(() => fold(parts, steps), [parts, steps]);
  return (
    <>
      {shown.map(({ text: part, href }, i) =>
        href ? (
          <a key={i} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
      {more && (
        <>
          …{' '}
          <button type="button" class="link-button more" onClick={() => setSteps(steps + 1)}>{texts.messages.more}</button>
        </>
      )}
    </>
  );
}
