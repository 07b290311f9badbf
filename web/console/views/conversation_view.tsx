// The conversation that the agent looks at: who it is with, its messages, what is written next.
import type { JSX } from 'preact';

import { titleOf, type Console } from '../console';
import type { Conversation } from '../conversation';
import { useSignal } from '../signal';
import { Avatar } from './avatar';
import { Composer } from './composer';
import { IconButton } from './icons';
import { MessageList } from './message_list';
import { saveTranscript } from './save_transcript';

export function ConversationView({ app, conversation }: { app: Console; conversation: Conversation }): JSX.Element {
  const { clientId } = conversation;
  return (
    <section class="conversation" aria-label="Conversation">
      <Head app={app} conversation={conversation} />
      <Body app={app} conversation={conversation} />
      <Typing app={app} conversation={conversation} />
      <Composer key={clientId} app={app} conversation={conversation} />
    </section>
  );
}

interface Props {
  app: Console;
  conversation: Conversation;
}

function Head({ app, conversation }: Props): JSX.Element {
  useSignal(app.list, app.shell, app.preferences.signal);
  const { clientId } = conversation;
  const row = app.sessions.get(clientId);
  const title = titleOf(clientId, row);
  const online = app.online.has(clientId);
  const isClosed = row?.status === 'closed';
  return (
    <header class="conversation-head">
      <IconButton icon="back" label="Back to the list" class="only-narrow" onClick={() => app.showList()} />
      <Avatar name={title} id={clientId} online={online} />
      <div class="conversation-who">
        <h1><bdi>{title}</bdi></h1>
        <p class="muted">
          <span class={online ? 'state-online' : ''}>{online ? 'Online' : 'Offline'}</span>
          {isClosed && <span class="tag">Closed</span>}
        </p>
      </div>
      <div class="conversation-actions">
        <IconButton icon="download" label="Download the transcript" onClick={() => void saveTranscript(app, conversation)} />
        {app.maySupervise && <IconButton icon="ban" label="Ban the visitor" onClick={() => app.openDialog('ban')} />}
        {isClosed ? (
          <IconButton icon="reopen" label="Open the conversation again" onClick={() => void app.reopenSession(clientId)} />
        ) : (
          <IconButton icon="check" label="Close the conversation" onClick={() => void app.closeSession(clientId)} />
        )}
        <IconButton
          icon="info"
          label="Visitor details"
          pressed={app.showsDetails}
          onClick={() => app.toggleDetails()}
        />
      </div>
    </header>
  );
}

function Body({ conversation }: Props): JSX.Element {
  useSignal(conversation.signal);
  if (conversation.status === 'failed') {
    return (
      <div class="nothing" role="alert">
        <p>This conversation could not be loaded.</p>
        <button type="button" class="button" onClick={() => void conversation.open()}>Try again</button>
      </div>
    );
  }
  if (conversation.status === 'loading') return <div class="messages-frame" aria-busy="true" />;
  if (conversation.thread.lastSeq === 0 && conversation.pending.length === 0) {
    return <div class="nothing"><p>No messages yet.</p></div>;
  }
  return <MessageList key={conversation.clientId} conversation={conversation} />;
}

function Typing({ app, conversation }: Props): JSX.Element {
  useSignal(app.list);
  const isTyping = app.typists.isTyping(conversation.clientId, Date.now());
  return (
    <p class="typing" aria-live="polite">
      {isTyping && (
        <>
          <span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>
          The visitor is typing…
        </>
      )}
    </p>
  );
}
