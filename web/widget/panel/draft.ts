// What the visitor has begun to write. Each conversation has its own, in this tab.
import type { Conversation, Store } from '../../client';

type Named = Pick<Conversation, 'clientId'>;

export const draftKey = ({ clientId }: Named): string => `draft:${clientId}`;

/** Unless there is one already. */
export function moveDraft(drafts: Store, from: Named, to: Named): void {
  const draft = drafts.get<string>(draftKey(from));
  if (!draft || drafts.get(draftKey(to))) return;
  drafts.set(draftKey(to), draft);
  drafts.set(draftKey(from), undefined);
}
