// A conversation as a text file.
import type { Message } from '../../client';
import { texts } from './texts';

/** title: whose conversation. A message's further lines are set in, so that none can look like another message. */
export function transcriptText(title: string, messages: readonly Message[]): string {
  const lines = [texts.transcript.title(oneLine(title)), texts.transcript.count(messages.length), ''];
  for (const { createdAt, sender, message, erased } of messages) {
    const time = createdAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
    const text = erased ? texts.transcript.erased : message.split(/\r\n|[\r\n\u2028\u2029]/).join('\n    ');
    lines.push(`[${time}] ${sender === 'admin' ? texts.messages.agent : texts.messages.visitor}: ${text}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Of letters that every file system takes. */
export function transcriptName(title: string): string {
  const name = title.normalize('NFKD').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `conversation-${name || 'visitor'}.txt`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
