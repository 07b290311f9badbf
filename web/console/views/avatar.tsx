// A visitor as two letters in a colour of his own, with a dot while he is there.
import type { JSX } from 'preact';

import { colourOf, initials } from '../text/visitor';

const colours = 8;

export function Avatar({ name, id, online }: { name: string; id: string; online: boolean | undefined }): JSX.Element {
  return (
    <span class={`avatar avatar-${colourOf(id, colours)}`} aria-hidden="true">
      {initials(name)}
      {online && <span class="avatar-dot" />}
    </span>
  );
}
