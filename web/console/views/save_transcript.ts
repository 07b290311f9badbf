// The whole conversation as a file of the agent's.
import type { Console } from '../console';
import type { Conversation } from '../conversation';
import { texts } from '../text/texts';
import { transcriptName, transcriptText } from '../text/transcript';
import { titleOf } from '../text/visitor';

export async function saveTranscript(app: Console, conversation: Conversation): Promise<void> {
  const title = titleOf(conversation.clientId, app.inbox.sessions.get(conversation.clientId));
  try {
    const messages = await conversation.all((count, total) => {
      if (total > 1_000) app.say(texts.transcript.progress(Math.floor((100 * count) / total)));
    });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([transcriptText(title, messages)], { type: 'text/plain;charset=utf-8' }));
    link.download = transcriptName(title);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    app.say(texts.transcript.saved);
  } catch {
    app.say(texts.transcript.failed);
  }
}
