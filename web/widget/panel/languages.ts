// The texts of a language, loaded when they are wanted; a language that cannot be loaded is English.
import type { Texts } from '../contract';
import { languageOf, type Language } from '../loader/config';

const loaders: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import('../lang/en.json'),
  de: () => import('../lang/de.json'),
  fr: () => import('../lang/fr.json'),
  es: () => import('../lang/es.json'),
  pt: () => import('../lang/pt.json'),
  pl: () => import('../lang/pl.json'),
  ar: () => import('../lang/ar.json'),
  zh: () => import('../lang/zh.json'),
};

export async function loadTexts(lang: string): Promise<Texts> {
  const { default: texts } = await loaders[languageOf(lang)]().catch(() => loaders.en());
  return texts;
}
