// A few emoji to choose from, for who has no keyboard with them. Arrow keys move, Escape leaves.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { map } from '../../client/builtins';

const emoji = [
  '🙂', '😀', '😂', '😉', '😍', '😎', '🤔', '😕', '😢', '😡', '👍', '👎',
  '👏', '🙏', '💪', '👋', '👌', '🤝', '❤️', '🎉', '✨', '🔥', '⭐', '✅',
  '❌', '❓', '❗', '💡', '📎', '📷', '📦', '🛒', '💳', '⏰', '📅', '☕',
];
const columns = 9;

interface EmojiProps {
  label: string;
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

export function Emoji({ label, onChoose, onClose }: EmojiProps): VNode {
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLDivElement>(null);

  const focus = (index: number): void => {
    const place = Math.min(Math.max(index, 0), emoji.length - 1);
    setCurrent(place);
    (list.current?.children[place] as HTMLElement | undefined)?.focus();
  };
  // Before the next key can come, which is meant for it.
  useLayoutEffect(() => focus(0), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const forward = getComputedStyle(event.currentTarget as Element).direction === 'rtl' ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (step !== undefined) focus(current + step);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(emoji.length - 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="emoji" role="group" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {map(emoji, (one, index) => (
        <button key={one} type="button" tabIndex={index === current ? 0 : -1} onClick={() => onChoose(one)} onFocus={() => setCurrent(index)}>
          {one}
        </button>
      ))}
    </div>
  );
}
