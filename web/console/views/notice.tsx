// Something that went wrong or well, for some seconds.
import type { JSX } from 'preact';

import type { Console } from '../console';
import { useSignal } from '../signal';

export function Notice({ app }: { app: Console }): JSX.Element {
  useSignal(app.shell);
  return <p class={`notice ${app.notice ? 'is-shown' : ''}`} role="status">{app.notice}</p>;
}
