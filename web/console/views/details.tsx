// What is known of the visitor. Others wrote it: it is text here, and a link only where it is http(s).
import type { ComponentChildren, JSX } from 'preact';

import { titleOf, type Console } from '../console';
import type { Conversation } from '../conversation';
import { useSignal } from '../signal';
import { safeUrl } from '../text/links';
import { duration, full, localTime } from '../text/time';
import { browserName, languageName } from '../text/visitor';
import { Avatar } from './avatar';
import { IconButton } from './icons';

export function Details({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  useSignal(app.list, conversation.signal);
  const { clientId } = conversation;
  const row = app.sessions.get(clientId);
  const visitor = row?.visitor;
  const title = titleOf(clientId, row);
  const online = app.online.has(clientId);
  const now = Date.now();
  return (
    <aside class="details" aria-label="Visitor details">
      <header class="details-head">
        <h2>Visitor</h2>
        <IconButton icon="close" label="Hide the details" onClick={() => app.toggleDetails()} />
      </header>
      <div class="details-who">
        <Avatar name={title} id={clientId} online={online} />
        <div>
          <p class="details-name"><bdi>{title}</bdi></p>
          <p class={online ? 'state-online' : 'muted'}>{online ? 'Online now' : 'Offline'}</p>
        </div>
      </div>
      <dl class="facts">
        <Fact name="Client id">
          <bdi class="fact-mono">{clientId}</bdi>
          <IconButton icon="copy" label="Copy the client id" onClick={() => copy(app, clientId)} />
        </Fact>
        {visitor?.email && (
          <Fact name="E-mail"><a href={`mailto:${encodeURIComponent(visitor.email).replace('%40', '@')}`}><bdi>{visitor.email}</bdi></a></Fact>
        )}
        {visitor?.page && <Fact name="Page"><Address text={visitor.page} /></Fact>}
        {visitor?.referrer && <Fact name="Came from"><Address text={visitor.referrer} /></Fact>}
        {visitor?.userAgent && (
          <Fact name="Browser"><span title={visitor.userAgent}>{browserName(visitor.userAgent) ?? <bdi>{visitor.userAgent}</bdi>}</span></Fact>
        )}
        {visitor?.language && <Fact name="Language"><bdi>{languageName(visitor.language)}</bdi></Fact>}
        {visitor?.timezone && (
          <Fact name="Local time">{localTime(visitor.timezone, now) ?? 'unknown'} <span class="muted">({visitor.timezone.replaceAll('_', ' ')})</span></Fact>
        )}
        {row && <Fact name="First seen">{full(row.createdAt)}</Fact>}
        {row?.waitingSince && <Fact name="Waiting">{duration(now - Date.parse(row.waitingSince))}</Fact>}
        <Fact name="Messages">{conversation.thread.lastSeq.toLocaleString()}</Fact>
      </dl>
      {!visitor && <p class="muted details-none">This visitor’s browser told nothing else.</p>}
      {/* Assignment and notes will stand here. */}
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
    app.say('This browser does not let pages copy without https.');
    return;
  }
  navigator.clipboard.writeText(text).then(
    () => app.say('Copied.'),
    () => app.say('It could not be copied.'),
  );
}
