// The panel: its frame, and how the keyboard moves in it.
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';

import type { Texts } from '../contract';
import { Composer } from './composer';
import type { Controller } from './controller';
import type { Dates } from './dates';
import { Chat, Leave, Minimize, Save } from './icons';
import { Log } from './log';
import { Menu } from './menu';
import { Notice } from './notice';
import { download, transcriptText } from './transcript';

interface PanelProps {
  controller: Controller;
  texts: Texts;
  dates: Dates;
}

export function PanelView({ controller, texts, dates }: PanelProps): VNode {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [failure, setFailure] = useState('');
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

  if (!state.open) return <div hidden />;

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
    if (event.key === 'Escape') {
      event.stopPropagation();
      host.close();
    } else if (event.key === 'Tab' && dialog.current) keepFocus(event, dialog.current);
  };

  const { agentsPresent, status } = conversation;
  const presence = agentsPresent === undefined ? '' : agentsPresent ? texts.present : texts.absent;
  return (
    <div class="panel" ref={dialog} role="dialog" aria-labelledby="title" tabIndex={-1} onKeyDown={onKeyDown}>
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
            ...(status === 'refused' ? [] : [{ icon: Leave, text: texts.end, action: () => void conversation.close().catch(() => undefined) }]),
          ]}
        />
        <button type="button" class="icon" aria-label={texts.close} title={texts.close} onClick={() => host.close()}>
          <Minimize />
        </button>
      </div>
      <Log key={`log ${conversation.clientId}`} {...{ conversation, texts, dates }} unreadFrom={state.unreadFrom} />
      <Notice conversation={conversation} texts={texts} onStartAgain={controller.mayStartAgain ? () => controller.startAgain() : undefined} />
      {failure && <p class="notice alert" role="alert">{failure}</p>}
      <Composer key={`field ${conversation.clientId}`} {...{ conversation, texts, field }} drafts={controller.drafts} />
      <div class="hidden" role="log" aria-live="polite" aria-atomic="true">
        {state.announcement && <p key={state.announcement.seq}>{state.announcement.text}</p>}
      </div>
    </div>
  );
}

// Where the panel covers the page, as on a phone, the focus does not go behind it.
function keepFocus(event: KeyboardEvent, panel: HTMLElement): void {
  if (panel.offsetWidth < innerWidth) return;
  const inside = [...panel.querySelectorAll<HTMLElement>('button:not([tabindex="-1"]), textarea, a[href], [tabindex="0"]')];
  const edge = event.shiftKey ? inside[0] : inside.at(-1);
  const other = event.shiftKey ? inside.at(-1) : inside[0];
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  if (active !== edge && !(event.shiftKey && active === panel)) return;
  event.preventDefault();
  other?.focus();
}
