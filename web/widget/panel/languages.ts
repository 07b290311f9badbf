// The texts of a language, loaded when they are wanted.
import type { Texts } from '../contract';
import { languageOf, type Language } from '../loader/config';

type TextModule = Promise<{ default: Texts }>;

const loaders: Record<Language, () => TextModule> = {
  en: () => import('../lang/en.json'),
  de: () => import('../lang/de.json'),
  fr: () => import('../lang/fr.json'),
  es: () => import('../lang/es.json'),
  pt: () => import('../lang/pt.json'),
  pl: () => import('../lang/pl.json'),
  ar: () => import('../lang/ar.json'),
  zh: () => import('../lang/zh.json'),
};

/** Rejects if they cannot be had. */
export async function loadTexts(lang: string): Promise<Texts> {
  const language = languageOf(lang);
  // As the loader does with the panel: after an update the file has another name. The build leaves it under this one, too.
  const newest = (): TextModule => import(/* @vite-ignore */ new URL(`./${language}.js?${Math.random()}`, import.meta.url).href) as TextModule;
  return (await loaders[language]().catch(newest)).default;
}
