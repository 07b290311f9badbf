// The panel: its frame, and how the keyboard moves in it.
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';

import { lastOf, map } from '../../client/builtins';
import { isComposing } from '../../views/text_field';
import type { Texts } from '../contract';
import { Composer } from './composer';
import type { Controller } from './controller';
import type { Dates } from './dates';
import { EndQuestion } from './end_question';
import { Chat, Leave, Minimize, Save } from './icons';
import { Log } from './log';
import { Menu } from './menu';
import { Notice } from './notice';
import { download, transcriptText } from './transcript';
import { useWindow } from './window';

interface PanelProps {
  controller: Controller;
  texts: Texts;
  dates: Dates;
}

export function PanelView({ controller, texts, dates }: PanelProps): VNode {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [failure, setFailure] = useState('');
  const [ending, setEnding] = useState(false);
  const dialog = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { conversation, host, state } = controller;

  useLayoutEffect(() => {
    controller.onChange = () => redraw(undefined);
    redraw(undefined);
  }, [controller]);

  // Of the drawing that shows the panel: a later effect of an earlier drawing would find no field yet.
  useLayoutEffect(() => {
    if (!state.open || !state.focus) return;
    state.focus = false;
    // On a phone the field would bring its keyboard up over the conversation.
    const touch = matchMedia('(hover: none) and (pointer: coarse)').matches;
    (touch ? dialog.current : field.current)?.focus();
  });

  useWindow(dialog, state.open);

  const announcements = (
    <div class="hidden" role="log" aria-live="polite" key="announcements">
      {map(state.announcements, ({ seq, text }) => <p key={seq}>{text}</p>)}
    </div>
  );
  if (!state.open) return <>{announcements}</>; // in the place that it has below, or it would be read once more

  const saveTranscript = (): void => {
    conversation.transcript().then(
      (messages) => {
        setFailure('');
        download(`chat-${new Date().toISOString().slice(0, 10)}.txt`, transcriptText(messages, texts, dates));
      },
      () => setFailure(texts.transcriptFailed),
    );
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      host.close();
    } else if (event.key === 'Tab' && dialog.current) keepFocus(event, dialog.current);
  };

  const { agentsPresent } = controller;
  const { status } = conversation;
  const mayEnd = status === 'ready' && !conversation.closed && conversation.messages.length > 0;
  const presence = agentsPresent === undefined ? '' : agentsPresent ? texts.present : texts.absent;
  return (
    <>
      {announcements}
      <div class="panel" key="panel" ref={dialog} role="dialog" aria-labelledby="title" tabIndex={-1} onKeyDown={onKeyDown}>
        <div class="header">
          <span class={agentsPresent ? 'mark present' : 'mark'} aria-hidden="true"><Chat /></span>
          <div class="about">
            <h2 id="title">{texts.title}</h2>
            {presence && <p>{presence}</p>}
          </div>
          <Menu
            label={texts.menu}
            items={[
              { icon: Save, text: texts.transcript, action: saveTranscript },
              ...(mayEnd ? [{ icon: Leave, text: texts.end, action: () => setEnding(true) }] : []),
            ]}
          />
          <button type="button" class="icon" aria-label={texts.close} title={texts.close} onClick={() => host.close()}>
            <Minimize />
          </button>
        </div>
        <Log key={`log ${conversation.clientId}`} {...{ conversation, texts, dates }} unreadFrom={state.unreadFrom} />
        <Notice conversation={conversation} texts={texts} onStartAgain={controller.mayStartAgain ? () => controller.startAgain() : undefined} />
        {failure && <p class="notice alert" role="alert">{failure}</p>}
        {ending && mayEnd && (
          <EndQuestion
            texts={texts}
            onEnd={() => void conversation.close().catch(() => undefined).finally(() => setEnding(false))}
            onCancel={() => {
              setEnding(false);
              field.current?.focus();
            }}
          />
        )}
        <Composer key={`field ${conversation.clientId}`} {...{ conversation, texts, field }} drafts={controller.drafts} />
      </div>
    </>
  );
}

// Where the panel covers the page, as on a phone, the focus does not go behind it.
function keepFocus(event: KeyboardEvent, panel: HTMLElement): void {
  if (panel.offsetWidth < innerWidth) return;
  const inside = [...panel.querySelectorAll<HTMLElement>('button:not([tabindex="-1"]), textarea, a[href], [tabindex="0"]')];
  const edge = event.shiftKey ? inside[0] : lastOf(inside);
  const other = event.shiftKey ? lastOf(inside) : inside[0];
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  if (active !== edge && !(event.shiftKey && active === panel)) return;
  event.preventDefault();
  other?.focus();
}
