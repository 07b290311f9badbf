// The conversation that the agent looks at: who it is with, its messages, what is written next.
import type { JSX } from 'preact';

import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { useSignal } from '../signal';
import { safeUrl } from '../text/links';
import { texts } from '../text/texts';
import { placeOf, titleOf } from '../text/visitor';
import { Avatar } from './avatar';
import { Composer } from './composer';
import { Icon, IconButton } from './icons';
import { MessageList } from './message_list';
import { saveTranscript } from './save_transcript';

interface Props {
  app: Console;
  conversation: Conversation;
}

const words = texts.conversation;

export function ConversationView({ app, conversation }: Props): JSX.Element {
  return (
    <section class="conversation" aria-label={words.label}>
      <Head app={app} conversation={conversation} />
      <Body app={app} conversation={conversation} />
      <Typing app={app} conversation={conversation} />
      <Composer key={conversation.clientId} app={app} conversation={conversation} />
    </section>
  );
}

function Head({ app, conversation }: Props): JSX.Element {
  useSignal(app.inbox.signal, app.shell, app.preferences.signal, app.banned.signal);
  const { clientId } = conversation;
  const row = app.inbox.sessions.get(clientId);
  const title = titleOf(clientId, row);
  const online = app.isOnline(clientId);
  const isClosed = row?.status === 'closed';
  const page = safeUrl(row?.visitor?.page);
  return (
    <header class="conversation-head">
      <IconButton icon="back" label={words.back} class="only-narrow" onClick={() => app.desk.lookAtNone()} />
      <Avatar name={title} id={clientId} online={online} />
      <div class="conversation-who">
        <h1><bdi>{title}</bdi></h1>
        <p class="muted">
          {app.banned.of(clientId) && <span class="tag tag-danger">{words.banned}</span>}
          {isClosed && <span class="tag">{words.closed}</span>}
          {online !== undefined && <span class={online ? 'state-online' : ''}>{online ? words.online : words.offline}</span>}
          {page && <span class="conversation-page"><bdi>{placeOf(page)}</bdi></span>}
        </p>
      </div>
      <div class="conversation-actions">
        <IconButton icon="download" label={words.transcript} onClick={() => void saveTranscript(app, conversation)} />
        <IconButton icon="info" label={words.details} pressed={app.showsDetails} onClick={() => app.toggleDetails()} />
        {isClosed ? (
          <button type="button" class="button head-button" aria-label={words.reopen} title={words.reopen} onClick={() => void app.reopenSession(clientId)}>
            <Icon name="reopen" /><span>{words.reopenShort}</span>
          </button>
        ) : (
          <button type="button" class="button head-button" aria-label={words.close} title={words.close} onClick={() => void app.closeSession(clientId)}>
            <Icon name="check" /><span>{words.closeShort}</span>
          </button>
        )}
      </div>
    </header>
  );
}

function Body({ app, conversation }: Props): JSX.Element {
  useSignal(conversation.signal);
  if (conversation.status === 'failed') {
    return (
      <div class="nothing" role="alert">
        <p>{words.failed}</p>
        <button type="button" class="button" onClick={() => void conversation.open()}>{words.again}</button>
      </div>
    );
  }
  if (conversation.status === 'loading') return <div class="messages-frame" aria-busy="true" />;
  if (conversation.thread.lastSeq === 0 && conversation.pending.length === 0) {
    return <div class="nothing"><p>{words.empty}</p></div>;
  }
  return <MessageList key={conversation.clientId} app={app} conversation={conversation} />;
}

function Typing({ app, conversation }: Props): JSX.Element {
  useSignal(app.inbox.signal);
  const isTyping = app.inbox.typists.isTyping(conversation.clientId, Date.now());
  return (
    <p class="typing" aria-live="polite">
      {isTyping && (
        <>
          <span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>
          {words.typing}
        </>
      )}
    </p>
  );
}
