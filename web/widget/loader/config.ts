// How a site configures the widget: attributes of its script element, or LiveChat.configure().
import type { Config, Identity } from '../contract';

export const languages = ['en', 'de', 'fr', 'es', 'pt', 'pl', 'ar', 'zh'] as const;
export type Language = (typeof languages)[number];

export function readConfig(script: HTMLScriptElement | null): Config {
  const data = script?.dataset ?? {};
  const source = script?.src ? new URL(script.src) : undefined;
  const texts: Config['texts'] = {};
  for (const name of ['title', 'greeting', 'placeholder', 'present', 'absent'] as const) {
    if (data[name]) texts[name] = data[name];
  }
  return {
    server: (data['server'] ?? source?.origin ?? location.origin).replace(/\/+$/, ''),
    site: data['site'] ?? '',
    lang: data['lang'] ?? (document.documentElement.lang || navigator.language),
    theme: data['theme'] === 'light' || data['theme'] === 'dark' ? data['theme'] : 'auto',
    color: data['color'],
    position: data['position'] === 'start' ? 'start' : 'end',
    texts,
  };
}

export function readIdentity(script: HTMLScriptElement | null): Identity {
  const { clientId, signature, name, email } = script?.dataset ?? {};
  return { clientId, signature, name, email };
}

/** The language of the texts for a BCP 47 tag: English for those that we do not speak. */
export function languageOf(tag: string): Language {
  const language = tag.toLowerCase().split(/[-_]/)[0];
  return languages.find((one) => one === language) ?? 'en';
}

export const isRightToLeft = (language: Language): boolean => language === 'ar';
