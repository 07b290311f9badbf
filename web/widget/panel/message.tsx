// One message, with its state when it is the visitor's own.
import type { ComponentChildren, VNode } from 'preact';

import type { Texts } from '../contract';
import { Check, Checks, Clock, Warning } from './icons';
import { isOnlyEmoji, linkify } from './linkify';

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
  const classes = ['message', own ? 'own' : 'theirs', follows && 'follows', arrived && 'arrived', state, isOnlyEmoji(text) && 'emoji-only'];
  return (
    <li class={classes.filter(Boolean).join(' ')}>
      <div class="bubble">
        <span class="hidden">{own ? texts.you : texts.agent}: </span>
        <span class="text" dir="auto">
          {erased && <em>{texts.erased}</em>}
          {linkify(text).map((piece) =>
            typeof piece === 'string' ? (
              piece
            ) : (
              <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
                {piece.text}
                <span class="hidden"> ({texts.newWindow})</span>
              </a>
            ),
          )}
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
