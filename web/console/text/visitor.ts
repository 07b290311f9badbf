// What is known of a visitor in words. All of it was chosen by a stranger: it is shown as text, and
// where it makes no sense as it came.
import { visibleName } from '../../views/cut';
import type { SessionRow } from '../model/types';
import { safeUrl } from './links';
import { texts } from './texts';

// As the widget makes them for visitors without a name, behind the site's. They mean nothing to people.
const anonymous = /^(?:(.*)-)?[0-9a-f]{28}([0-9a-f]{4})$/s;

/** What a conversation is called: the visitor's name, the clientId, or "Visitor 7d40" for one without meaning. */
export function titleOf(clientId: string, row: SessionRow | undefined): string {
  const name = row?.visitor?.name;
  if (name && isVisible(name)) return name;
  const end = anonymous.exec(clientId)?.[2];
  if (end) return texts.visitor(end);
  return isVisible(clientId) ? clientId : JSON.stringify(clientId);
}

// Names of spaces, or of signs without ink, would leave a row without any.
function isVisible(name: string): boolean {
  return visibleName(name, name.length) !== undefined;
}

/** Where the visitor is, in the few words that a row has room for: the page, else the site, the clientId where it says
 * more than the title, or the language. */
export function whereabouts(clientId: string, row: SessionRow | undefined): string | undefined {
  const { visitor } = row ?? {};
  const page = safeUrl(visitor?.page);
  if (page) return placeOf(page);
  const [isAnonymous, site] = anonymous.exec(clientId) ?? [];
  if (isAnonymous !== undefined) return site || languageName(visitor?.language);
  return titleOf(clientId, row) === clientId ? languageName(visitor?.language) : clientId;
}

/** "Firefox 128 on Windows"; undefined for what is no browser's. */
export function browserName(userAgent: string | undefined): string | undefined {
  if (!userAgent) return undefined;
  const browser = browsers.find(([, pattern]) => pattern.test(userAgent));
  const system = systems.find(([, pattern]) => pattern.test(userAgent));
  if (!browser) return undefined;
  const version = browser[1].exec(userAgent)?.[1];
  return [browser[0], version, system ? texts.browserOn(system[0]) : undefined].filter(Boolean).join(' ');
}

const browsers: readonly [string, RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari/],
];

const systems: readonly [string, RegExp][] = [
  ['iPad', /\biPad\b/],
  ['iPhone', /\biPhone\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** "German (Switzerland)"; the tag itself if it is unknown. */
export function languageName(tag: string | undefined): string | undefined {
  if (!tag) return undefined;
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** An address without what every one has: "shop.example/checkout". */
export function placeOf(url: string): string {
  return url.replace(/^https?:\/\/(?:www\.)?/, '').replace(/[?#].*$/, '').replace(/\/$/, '');
}

/** One or two letters for an avatar. */
export function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

/** One of `count` colours, always the same for a name. */
export function colourOf(name: string, count: number): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % count;
}
