// One line about the connection, or why there is none, when there is something to say.
import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';

import type { Conversation } from '../../client';
import type { Texts } from '../contract';

// A connection that is back at once is nothing to talk about.
const patience = 3_000;

interface NoticeProps {
  conversation: Conversation;
  texts: Texts;
  /** Where that may help. */
  onStartAgain: (() => void) | undefined;
}

export function Notice({ conversation, texts, onStartAgain }: NoticeProps): VNode {
  const { link, status, closed, failure } = conversation;
  const waits = link === 'connecting' && status !== 'refused';
  const [long, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!waits) return undefined;
    const timer = setTimeout(() => setLong(true), patience);
    return () => clearTimeout(timer);
  }, [waits, conversation]);

  let text = '';
  let kind = '';
  if (failure?.code === 'signature_required' || failure?.code === 'signature_expired') [text, kind] = [texts.signIn, 'quiet'];
  else if (failure?.code === 'banned') [text, kind] = [texts.banned, 'alert'];
  else if (failure) [text, kind] = [onStartAgain ? texts.lost : texts.refused, 'alert'];
  else if (link === 'offline') [text, kind] = [texts.offline, 'warning'];
  else if (waits && long) [text, kind] = [texts.connecting, 'quiet'];
  else if (closed && status === 'ready') [text, kind] = [texts.closed, 'quiet'];
  // The region is there before its text is, so that screen readers notice it.
  return (
    <div class="notices" role="status">
      {text && <p class={`notice ${kind}`} id="notice">{text}</p>}
      {failure && onStartAgain && <p class="notice"><button type="button" onClick={onStartAgain}>{texts.startAgain}</button></p>}
    </div>
  );
}
