// Where the agent writes. What is written here stays with the conversation until it is sent.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { isComposing, isTooLong, useHeightOf } from '../../views/text_field';
import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { useSignal } from '../signal';
import { texts } from '../text/texts';
import { Icon } from './icons';

const words = texts.composer;

export function Composer({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  useSignal(app.inbox.signal, app.banned.signal);
  const [text, setText] = useState(conversation.draft);
  const area = useRef<HTMLTextAreaElement>(null);
  const isTouched = matchMedia('(pointer: coarse)').matches;
  const isClosed = app.inbox.sessions.get(conversation.clientId)?.status === 'closed';
  const isBanned = app.banned.of(conversation.clientId) !== undefined;
  const tooLong = isTooLong(text);

  useHeightOf(text, area);

  const change = (value: string): void => {
    conversation.draft = value;
    setText(value);
    conversation.typing(value.trim() !== '');
  };
  const send = (): void => {
    if (text.trim() === '' || tooLong) return;
    conversation.send(text);
    change('');
    area.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {/* Notes, canned replies and uploads will stand in a row here. */}
      <label class="hidden" for="composer">{words.label}</label>
      <textarea
        ref={area}
        id="composer"
        rows={1}
        dir="auto"
        placeholder={words.placeholder}
        value={text}
        aria-invalid={tooLong}
        aria-describedby="composer-help"
        onInput={(event) => change(event.currentTarget.value)}
        onBlur={() => conversation.typing(false)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === 'Enter' && !event.shiftKey && !isTouched) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape') document.getElementById('messages')?.focus();
        }}
      />
      <button type="submit" class="send" aria-label={words.send} disabled={text.trim() === '' || tooLong}>
        <Icon name="send" />
      </button>
      <p id="composer-help" class={tooLong || isBanned ? 'composer-help problem' : 'composer-help'}>
        {tooLong ? words.tooLong : isBanned ? words.banned : isClosed ? words.closed : isTouched ? '' : words.keys}
      </p>
    </form>
  );
}
