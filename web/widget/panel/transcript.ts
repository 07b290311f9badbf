// The conversation as a text file.
import type { Message } from '../../client';
import { map } from '../../client/builtins';
import type { Texts } from '../contract';
import type { Dates } from './dates';

export function transcriptText(messages: readonly Message[], texts: Pick<Texts, 'you' | 'agent' | 'title' | 'erased'>, dates: Dates): string {
  const lines = map(messages, ({ createdAt, sender, message, erased }) => {
    const who = sender === 'client' ? texts.you : texts.agent;
    // Further lines of a message are indented, so that none looks like another message.
    return `[${dates.fullOf(new Date(createdAt))}] ${who}: ${erased ? texts.erased : message.replace(/\r\n|[\n\r\u2028\u2029]/g, '\n    ')}\n`;
  });
  return `${texts.title}\n\n${lines.join('')}`;
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
