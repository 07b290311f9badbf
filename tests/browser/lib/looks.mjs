// A view as it is looked at: by axe, and for whether it is as wide as the screen.
//
// LIVECHAT_SCREENSHOTS: a folder where each view is kept as a picture.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { checkAccessibility } from './axe.mjs';

const pictures = process.env.LIVECHAT_SCREENSHOTS;

const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

// Both themes on both screens: { title, phone, options } — options for the browser's context, title for names.
export const looks = ['light', 'dark'].flatMap((colorScheme) =>
  Object.entries(screens).map(([screen, options]) => ({
    title: `${colorScheme}-${screen}`,
    phone: screen === 'phone',
    options: { colorScheme, ...options },
  })));

export async function checkView(page, name) {
  await checkWidth(page, name);
  if (pictures) {
    fs.mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }
  await checkAccessibility(page, name);
}

export async function checkWidth(page, name) {
  const { inner, outer } = await page.evaluate(() => ({ inner: document.documentElement.scrollWidth, outer: innerWidth }));
  assert.ok(inner <= outer, `${name} is ${inner} pixels wide`);
}
