// What is known of the visitor. Others wrote it: it is text here, and a link only where it is http(s).
import type { ComponentChildren, JSX } from 'preact';

import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { useSignal } from '../signal';
import { safeUrl } from '../text/links';
import { texts } from '../text/texts';
import { duration, full, localTime } from '../text/time';
import { browserName, languageName, titleOf } from '../text/visitor';
import { Avatar } from './avatar';
import { Icon, IconButton } from './icons';

const words = texts.details;

export function Details({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  useSignal(app.inbox.signal, conversation.signal, app.banned.signal);
  const { clientId } = conversation;
  const row = app.inbox.sessions.get(clientId);
  const visitor = row?.visitor;
  const title = titleOf(clientId, row);
  const online = app.isOnline(clientId);
  const now = app.now();
  const ban = app.banned.of(clientId);
  return (
    <aside class="details" aria-label={words.label}>
      <header class="details-head">
        <h2>{words.title}</h2>
        <IconButton icon="close" label={words.hide} onClick={() => app.toggleDetails()} />
      </header>
      <div class="details-who">
        <Avatar name={title} id={clientId} online={online} />
        <div>
          <p class="details-name"><bdi>{title}</bdi></p>
          {online !== undefined && <p class={online ? 'state-online' : 'muted'}>{online ? words.online : words.offline}</p>}
        </div>
      </div>
      <dl class="facts">
        {visitor?.email && (
          <Fact name={words.email}><a href={`mailto:${encodeURIComponent(visitor.email).replace('%40', '@')}`}><bdi>{visitor.email}</bdi></a></Fact>
        )}
        {visitor?.page && <Fact name={words.page}><Address text={visitor.page} /></Fact>}
        {visitor?.referrer && <Fact name={words.referrer}><Address text={visitor.referrer} /></Fact>}
        {visitor?.userAgent && (
          <Fact name={words.browser}><span title={visitor.userAgent}>{browserName(visitor.userAgent) ?? <bdi>{visitor.userAgent}</bdi>}</span></Fact>
        )}
        {visitor?.language && <Fact name={words.language}><bdi>{languageName(visitor.language)}</bdi></Fact>}
        {visitor?.timezone && (
          <Fact name={words.localTime}>{localTime(visitor.timezone, now) ?? words.unknownTime} <span class="muted">({visitor.timezone.replaceAll('_', ' ')})</span></Fact>
        )}
        {row && <Fact name={words.firstSeen}>{full(row.createdAt)}</Fact>}
        {row?.waitingSince && <Fact name={words.waiting}>{duration(now - Date.parse(row.waitingSince))}</Fact>}
        <Fact name={words.messages}>{conversation.thread.lastSeq.toLocaleString()}</Fact>
        <Fact name={words.clientId}>
          <bdi class="fact-mono">{clientId}</bdi>
          <IconButton icon="copy" label={words.copy} onClick={() => copy(app, clientId)} />
        </Fact>
      </dl>
      {!visitor && <p class="muted details-none">{words.nothing}</p>}
      {app.maySupervise && (
        <div class="details-actions">
          {ban ? (
            <button type="button" class="button" onClick={() => void app.lift(ban)}>{words.liftBan}</button>
          ) : (
            <button type="button" class="button button-quiet-danger" onClick={() => app.openDialog('ban')}><Icon name="ban" />{words.ban}</button>
          )}
        </div>
      )}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Address({ text }: { text: string }): JSX.Element {
  const url = safeUrl(text);
  if (!url) return <bdi class="fact-url">{text}</bdi>;
  return (
    <a class="fact-url" href={url} target="_blank" rel="noopener noreferrer nofollow">
      <bdi>{text}</bdi>
    </a>
  );
}

function copy(app: Console, text: string): void {
  if (!('clipboard' in navigator)) {
    app.say(words.noClipboard);
    return;
  }
  navigator.clipboard.writeText(text).then(
    () => app.say(words.copied),
    () => app.say(words.notCopied),
  );
}
