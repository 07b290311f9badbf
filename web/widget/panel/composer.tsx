// Where the visitor writes.
import { useRef, useState } from 'preact/hooks';
import type { RefObject, VNode } from 'preact';

import type { Conversation, Store } from '../../client';
import { isComposing, isTooLong, lengthThatFits, useHeightOf } from '../../views/text_field';
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
  // What was written stays, and is sent when the visitor is let in again.
  const locked = conversation.status === 'refused';
  const tooLong = isTooLong(text);
  const empty = text.trim() === '';
  const idle = useRef<ReturnType<typeof setTimeout>>();

  useHeightOf(text, field);

  // Kept with every key: the page may be gone at any moment.
  const put = (value: string): void => {
    setText(value);
    drafts.set(draftKey(conversation), value || undefined);
  };

  const write = (value: string): void => {
    put(value);
    clearTimeout(idle.current);
    conversation.typing(value !== '');
    if (value !== '') idle.current = setTimeout(() => conversation.typing(false), typingPauses);
  };

  const send = (): void => {
    if (empty || tooLong || locked) return;
    clearTimeout(idle.current);
    conversation.send(text);
    put('');
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
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
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
      {choosing && !locked && <Emoji label={texts.emoji} onChoose={insert} onClose={closeEmoji} />}
      {tooLong && <p class="too-long" id="too-long" role="alert">{excess(text, texts)}</p>}
      <div class={locked ? 'field locked' : 'field'}>
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          readOnly={locked}
          placeholder={locked ? '' : texts.placeholder}
          aria-label={texts.placeholder}
          aria-invalid={tooLong}
          aria-describedby={locked ? 'notice' : tooLong ? 'too-long' : undefined}
          enterkeyhint="send"
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" class="icon" aria-label={texts.emoji} title={texts.emoji} aria-expanded={choosing && !locked} aria-disabled={locked} onClick={() => setChoosing(!choosing && !locked)}>
          <Smile />
        </button>
        <button type="submit" class="icon send" aria-label={texts.send} title={texts.send} aria-disabled={empty || tooLong || locked}>
          <Send />
        </button>
      </div>
    </form>
  );
}

// With the numbers as the text counts them: what fits depends on the script that it is written in.
function excess(text: string, texts: Texts): string {
  return texts.tooLongBy.replace('{count}', text.length.toLocaleString()).replace('{limit}', lengthThatFits(text).toLocaleString());
}
