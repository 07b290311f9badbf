// Whether the conversation is really to end. Escape says no.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';

import type { Texts } from '../contract';

interface EndQuestionProps {
  texts: Texts;
  onEnd: () => void;
  onCancel: () => void;
}

export function EndQuestion({ texts, onEnd, onCancel }: EndQuestionProps): VNode {
  const cancel = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => cancel.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };

  return (
    <div class="question" role="alertdialog" aria-labelledby="question" onKeyDown={onKeyDown}>
      <p id="question">{texts.endQuestion}</p>
      <button type="button" ref={cancel} onClick={onCancel}>{texts.cancel}</button>
      <button type="button" class="yes" onClick={onEnd}>{texts.end}</button>
    </div>
  );
}
