// Where the visitor writes.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RefObject, VNode } from 'preact';

import type { Conversation, Store } from '../../client';
import { isTooLong, useHeightOf } from '../../views/text_field';
import type { Texts } from '../contract';
import { draftKey } from './draft';
import { Emoji } from './emoji';
import { Send, Smile } from './icons';

interface ComposerProps {
  conversation: Conversation;
  texts: Texts;
  drafts: Store;
  field: RefObject<HTMLTextAreaElement>;
}

const typingPauses = 4_000;

export function Composer({ conversation, texts, drafts, field }: ComposerProps): VNode {
  const [text, setText] = useState(() => drafts.get<string>(draftKey(conversation)) ?? '');
  const [choosing, setChoosing] = useState(false);
  const tooLong = isTooLong(text);
  const empty = text.trim() === '';
  const idle = useRef<ReturnType<typeof setTimeout>>();

  useEffect(() => {
    drafts.set(draftKey(conversation), text || undefined);
  }, [text]);

  useHeightOf(text, field);

  const write = (value: string): void => {
    setText(value);
    clearTimeout(idle.current);
    conversation.typing(value !== '');
    if (value !== '') idle.current = setTimeout(() => conversation.typing(false), typingPauses);
  };

  const send = (): void => {
    if (empty || tooLong) return;
    clearTimeout(idle.current);
    conversation.send(text);
    setText('');
    setChoosing(false);
    field.current?.focus();
  };

  const insert = (emoji: string): void => {
    const element = field.current;
    if (!element) return;
    const { selectionStart, selectionEnd } = element;
    write(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd));
    const place = selectionStart + emoji.length;
    requestAnimationFrame(() => element.setSelectionRange(place, place));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  const closeEmoji = (): void => {
    setChoosing(false);
    field.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {choosing && <Emoji label={texts.emoji} onChoose={insert} onClose={closeEmoji} />}
      {tooLong && <p class="notice alert" id="too-long" role="alert">{texts.tooLong}</p>}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          placeholder={texts.placeholder}
          aria-label={texts.placeholder}
          aria-invalid={tooLong}
          aria-describedby={tooLong ? 'too-long' : undefined}
          enterkeyhint="send"
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" class="icon" aria-label={texts.emoji} title={texts.emoji} aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
          <Smile />
        </button>
        <button type="submit" class="icon send" aria-label={texts.send} title={texts.send} aria-disabled={empty || tooLong}>
          <Send />
        </button>
      </div>
    </form>
  );
}
