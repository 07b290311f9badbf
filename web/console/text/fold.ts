// A long message shows its beginning first: to lay out 64 KiB keeps a browser busy for longer than an agent's key may
// wait. Pure.
import { cut } from '../../views/cut';
import type { TextPart } from './links';

/** What is shown at once, and with each further step. */
export const step = { units: 4_000, lines: 60 };

/** The parts up to so many steps, and whether there is more. A link is kept whole or, where it is endless, its text is cut. */
export function fold(parts: readonly TextPart[], steps: number): { shown: readonly TextPart[]; more: boolean } {
  let units = step.units * steps;
  let lines = step.lines * steps;
  const shown: TextPart[] = [];
  for (const part of parts) {
    if (units <= 0 || lines <= 0) return { shown, more: true };
    const end = beforeLine(part.text, lines + 1);
    const text = cut(part.text.slice(0, end), units);
    shown.push(text.length < part.text.length ? { ...part, text } : part);
    if (text.length < part.text.length) return { shown, more: true };
    units -= text.length;
    lines -= linesIn(text);
  }
  return { shown, more: false };
}

// Where the line of that number begins, or the end.
function beforeLine(text: string, number: number): number {
  let end = -1;
  for (let i = 1; i < number; i += 1) {
    const next = text.indexOf('\n', end + 1);
    if (next < 0) return text.length;
    end = next;
  }
  return end;
}

function linesIn(text: string): number {
  let count = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count += 1;
  return count;
}
