// The sheet that `?` shows: all that the keyboard does.
import type { JSX } from 'preact';

import type { Console } from '../console';
import { texts } from '../text/texts';
import { Dialog } from './dialog';
import { anywhere, inConversation, inFields, inList } from './shortcuts';

const words = texts.shortcuts;

interface Line {
  keys: readonly string[];
  does: string;
}

export function ShortcutSheet({ app }: { app: Console }): JSX.Element {
  const single = (list: readonly { key: string; does: string }[]): Line[] => list.map(({ key, does }) => ({ keys: [key], does }));
  return (
    <Dialog app={app} title={words.title} class="dialog-wide">
      <div class="key-groups">
        <Group title={words.groups.list} lines={single(inList)} />
        <Group title={words.groups.fields} lines={inFields} />
        <Group title={words.groups.conversation} lines={single(inConversation)} />
        <Group title={words.groups.console} lines={single(anywhere)} />
      </div>
      <p class="muted">{app.preferences.current.shortcuts ? words.canBeOff : words.off}</p>
    </Dialog>
  );
}

function Group({ title, lines }: { title: string; lines: readonly Line[] }): JSX.Element {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {lines.map(({ keys, does }) => (
          <div key={does} class="keys-row">
            <dt>{does}</dt>
            <dd>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
