// The site's colour, and which of black and white is readable on it (WCAG 2.2, contrast ratio).

export type Rgb = readonly [number, number, number];

/** "rgb(1, 2, 3)", as browsers compute colours; undefined for other forms. */
export function parseRgb(text: string): Rgb | undefined {
  const match = /^rgba?\((\d+),\s*(\d+),\s*(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

export function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function readableOn(color: Rgb): '#fff' | '#000' {
  const light = luminance(color);
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? '#fff' : '#000';
}
