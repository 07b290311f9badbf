// One message, with its state when it is the visitor's own.
import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';

import { filter } from '../../client/builtins';
import { linkify } from '../../views/links';
import type { Texts } from '../contract';
import { Check, Checks, Clock, Warning } from './icons';
import { isOnlyEmoji } from './emoji_only';

export type MessageState = 'sending' | 'waiting' | 'sent' | 'read' | 'failed';

interface BubbleProps {
  texts: Texts;
  own: boolean;
  text: string;
  time: string;
  dateTime: string;
  state?: MessageState | undefined;
  erased?: boolean | undefined;
  /** It follows one of the same side. */
  follows: boolean;
  /** It came just now. */
  arrived?: boolean;
  children?: ComponentChildren;
}

const stateIcons = { sending: Clock, waiting: Clock, sent: Check, read: Checks, failed: Warning };

export function Bubble({ texts, own, text, time, dateTime, state, erased, follows, arrived, children }: BubbleProps): VNode {
  const Icon = state && stateIcons[state];
  // The panel is drawn again with every key and every event; the text stays what it is.
  const body = useMemo(() => drawText(text, texts.newWindow), [text, texts]);
  const classes = ['message', own ? 'own' : 'theirs', follows && 'follows', arrived && 'arrived', state, isOnlyEmoji(text) && 'emoji-only'];
  return (
    <li class={filter(classes, Boolean).join(' ')}>
      <div class="bubble">
        <span class="hidden">{own ? texts.you : texts.agent}: </span>
        <span class="text">
          {erased && <em>{texts.erased}</em>}
          {body}
        </span>
        <span class="meta">
          <time dateTime={dateTime}>{time}</time>
          {Icon && (
            <span class="state" title={texts[state]}>
              <Icon />
              <span class="hidden">{texts[state]}</span>
            </span>
          )}
        </span>
      </div>
      {children}
    </li>
  );
}

function drawText(text: string, newWindow: string): ComponentChildren[] {
  const drawn: ComponentChildren[] = [];
  for (const { text: part, href } of linkify(text)) {
    drawn.push(
      href ? (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
          {part}
          <span class="hidden"> ({newWindow})</span>
        </a>
      ) : (
        part
      ),
    );
  }
  return drawn;
}
