// A modal dialog: the browser's own, which keeps the focus inside and gives it back. All else is out of reach
// meanwhile, so notices are shown in it.
import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

import type { Console } from '../console';
import { texts } from '../text/texts';
import { IconButton } from './icons';
import { Notice } from './notice';

export interface DialogProps {
  app: Console;
  title: string;
  class?: string;
  children: ComponentChildren;
}

export function Dialog({ app, title, class: more = '', children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const close = (): void => app.openDialog(undefined);
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${more}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div class="dialog-box">
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <IconButton icon="close" label={texts.dialog.close} onClick={close} />
        </header>
        {children}
      </div>
      <Notice app={app} />
    </dialog>
  );
}
