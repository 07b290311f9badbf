// Where the agent writes. What is written here stays with the conversation until it is sent.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { isTooLong, useHeightOf } from '../../views/text_field';
import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { Icon } from './icons';

export function Composer({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  const [text, setText] = useState(conversation.draft);
  const area = useRef<HTMLTextAreaElement>(null);
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
      <label class="hidden" for="composer">Message to the visitor</label>
      <textarea
        ref={area}
        id="composer"
        rows={1}
        dir="auto"
        placeholder="Write a message"
        value={text}
        aria-invalid={tooLong}
        aria-describedby="composer-help"
        onInput={(event) => change(event.currentTarget.value)}
        onBlur={() => conversation.typing(false)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === 'Enter' && !event.shiftKey && !matchMedia('(pointer: coarse)').matches) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape') document.getElementById('messages')?.focus();
        }}
      />
      <button type="submit" class="send" aria-label="Send" disabled={text.trim() === '' || tooLong}>
        <Icon name="send" />
      </button>
      <p id="composer-help" class={tooLong ? 'composer-help problem' : 'composer-help'}>
        {tooLong
          ? 'This is longer than a message may be (64 KiB).'
          : app.sessions.get(conversation.clientId)?.status === 'closed'
            ? 'This conversation is closed; a message opens it again.'
            : matchMedia('(pointer: coarse)').matches
              ? ''
              : 'Enter sends, Shift + Enter begins a new line'}
      </p>
    </form>
  );
}
