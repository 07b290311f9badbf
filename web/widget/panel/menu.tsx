// What is not needed every day.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';

import { map } from '../../client/builtins';
import { More } from './icons';

export interface MenuItem {
  icon: () => VNode;
  text: string;
  action: () => void;
}

export function Menu({ label, items }: { label: string; items: MenuItem[] }): VNode {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const focus = (index: number): void => {
    (list.current?.children[(index + items.length) % items.length] as HTMLElement | undefined)?.focus();
  };

  // Before the next key can come, which is meant for it.
  useLayoutEffect(() => {
    if (open) focus(0);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const root = list.current?.getRootNode() as ShadowRoot | undefined;
    const current = [...(list.current?.children ?? [])].indexOf(root?.activeElement as Element);
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') focus(current + 1);
    else if (event.key === 'ArrowUp') focus(current - 1);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(-1);
    else {
      if (event.key === 'Tab') setOpen(false);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onFocusOut = (event: FocusEvent): void => {
    if (!(event.currentTarget as Element).contains(event.relatedTarget as Node | null)) setOpen(false);
  };

  return (
    <div class="menu-frame" onFocusOut={onFocusOut}>
      <button ref={button} type="button" class="icon" aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        <More />
      </button>
      {open && (
        <div class="menu" role="menu" aria-label={label} ref={list} onKeyDown={onKeyDown}>
          {map(items, ({ icon: Icon, text, action }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                action();
              }}
            >
              <Icon />
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
