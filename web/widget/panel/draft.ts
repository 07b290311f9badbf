// What the visitor has begun to write. Each conversation has its own, in this tab.
import type { Conversation, Store } from '../../client';
import { filter, map } from '../../client/builtins';

export const draftKey = ({ clientId }: Pick<Conversation, 'clientId'>): string => `draft:${clientId}`;

/** Unless there is one already. Of a conversation that is refused, what it can never send goes along. */
export function moveDraft(drafts: Store, from: Conversation, to: Conversation): void {
  const unsent = from.status === 'refused' ? [...from.pending] : [];
  const texts = [...map(unsent, ({ message }) => message), drafts.get<string>(draftKey(from))];
  const draft = filter(texts, Boolean).join('\n');
  if (!draft || drafts.get(draftKey(to))) return;
  drafts.set(draftKey(to), draft);
  drafts.set(draftKey(from), undefined);
  for (const { messageId } of unsent) from.discard(messageId);
}
