// The site's colour, and which of black and white is readable on it (WCAG 2.2, contrast ratio).

import { map } from '../../client/builtins';

export type Rgb = readonly [number, number, number];

/** "rgb(1, 2, 3)", as browsers compute colours; undefined for other forms. */
export function parseRgb(text: string): Rgb | undefined {
  const match = /^rgba?\((\d+),\s*(\d+),\s*(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

export function luminance(color: Rgb): number {
  const [red, green, blue] = map(color, (part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 … 21 */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((first, second) => first - second) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function readableOn(color: Rgb): '#fff' | '#000' {
  return contrast(color, [255, 255, 255]) >= contrast(color, [0, 0, 0]) ? '#fff' : '#000';
}
