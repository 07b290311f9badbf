// How a site configures the widget: attributes of its script element, the query of the script's address, or
// LiveChat.configure().
import { find } from '../../client/builtins';
import type { Config, Identity } from '../contract';
import type { LiveChatIdentity } from '../livechat';

export const languages = ['en', 'de', 'fr', 'es', 'pt', 'pl', 'ar', 'zh'] as const;
export type Language = (typeof languages)[number];

/** config.server is empty where the script cannot tell. */
export function readConfig(script: HTMLScriptElement | undefined): Config {
  const data = script?.dataset ?? {};
  const source = sourceOf(script);
  const texts: Config['texts'] = {};
  for (const name of ['title', 'greeting', 'placeholder', 'present', 'absent'] as const) {
    if (data[name]) texts[name] = data[name];
  }
  return {
    server: serverOf(data['server']) ?? source?.origin ?? '',
    site: data['site'] ?? source?.searchParams.get('site') ?? '',
    lang: data['lang'] ?? (document.documentElement.lang || navigator.language),
    theme: data['theme'] === 'light' || data['theme'] === 'dark' ? data['theme'] : 'auto',
    color: data['color'],
    position: data['position'] === 'start' ? 'start' : 'end',
    texts,
    page: data['page'] === 'full' ? 'full' : 'path',
  };
}

export function readIdentity(script: HTMLScriptElement | undefined): Identity {
  const { clientId, signature, expires, name, email } = script?.dataset ?? {};
  return identityOf({ clientId, signature, expires, name, email });
}

/** What a page says of its visitor, in the form that the server wants. Templates leave empty what they do not know. */
export function identityOf(given: LiveChatIdentity): Identity {
  const text = (value: string | number | null | undefined): string | undefined => (value === undefined || value === null || value === '' ? undefined : `${value}`);
  return {
    clientId: text(given.clientId),
    signature: text(given.signature),
    expires: Number(given.expires) || undefined,
    name: text(given.name),
    email: text(given.email),
  };
}

/**
 * The element that has brought the widget: the one that runs, unless it is a bundle that the widget is a part of. A
 * module does not know its element, so the last one that looks like it is taken.
 */
export function findScript(): HTMLScriptElement | undefined {
  const current = document.currentScript as HTMLScriptElement | null;
  if (current && (sourceOf(current) || current.dataset['server'])) return current;
  let found: HTMLScriptElement | undefined;
  for (const script of document.querySelectorAll('script')) {
    if (script.dataset['server'] || sourceOf(script)) found = script;
  }
  return found;
}

/** The address of widget.js, if that is what the element loads. */
export function sourceOf(script: HTMLScriptElement | undefined): URL | undefined {
  try {
    const source = new URL(script?.src ?? '');
    return source.pathname.slice(-10) === '/widget.js' ? source : undefined;
  } catch {
    return undefined;
  }
}

/** Where livechat is, without a slash at the end, from what a developer may write for it. */
export function serverOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    const { protocol, origin, pathname } = new URL(/^(?:[a-z]+:)?\//i.test(text) ? text : `https://${text}`, location.href);
    return /^https?:$/.test(protocol) ? `${origin}${pathname}`.replace(/\/+$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/** The language of the texts for a BCP 47 tag: English for those that we do not speak. */
export function languageOf(tag: string): Language {
  const language = tag.toLowerCase().split(/[-_]/)[0];
  return find(languages, (one) => one === language) ?? 'en';
}

export const isRightToLeft = (language: Language): boolean => language === 'ar';
