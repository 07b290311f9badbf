// The panel's icons, drawn on a field of 24 × 24.
import type { VNode } from 'preact';

function icon(path: string, filled = false): () => VNode {
  const shown = filled ? { fill: 'currentcolor' } : { fill: 'none', stroke: 'currentcolor' };
  return () => (
    <svg viewBox="0 0 24 24" aria-hidden="true" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" {...shown}>
      <path d={path} />
    </svg>
  );
}

export const Chat = icon('M12 3.5c-4.97 0-9 3.36-9 7.5 0 2.28 1.22 4.32 3.14 5.69-.1 1.1-.5 2.3-1.37 3.31 1.9-.2 3.53-.86 4.77-1.74.79.16 1.61.24 2.46.24 4.97 0 9-3.36 9-7.5s-4.03-7.5-9-7.5Z', true);
export const Minimize = icon('m6 9 6 6 6-6');
export const More = icon('M12 7.1a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Zm0 6.8a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Zm0 6.8a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z', true);
export const Smile = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14.2c.9 1.3 2.1 1.9 3.5 1.9s2.6-.6 3.5-1.9M9 9.7v.01M15 9.7v.01');
export const Send = icon('M4.2 19.9 21 12 4.2 4.1l.02 6.1L15 12 4.22 13.8Z', true);
export const Clock = icon('M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 8v4.2l2.6 1.6');
export const Check = icon('m5 12.6 4.2 4.2L19 7');
export const Checks = icon('m2 12.6 4.2 4.2L16 7M11.2 15.6l1.2 1.2L22.2 7');
export const Warning = icon('M12 8v5M12 16.4v.01M12 3.6 2.9 19.4h18.2Z');
export const Down = icon('M12 5v14M6 13l6 6 6-6');
export const Save = icon('M12 4v11M7 10.5l5 5 5-5M5 20h14');
export const Leave = icon('M9 4H5v16h4M10 12h10M16 8l4 4-4 4');
