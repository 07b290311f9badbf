// The few words that the button on the page needs, out of all message files.
import { open as ar, openUnread as arUnread } from '../lang/ar.json';
import { open as de, openUnread as deUnread } from '../lang/de.json';
import { open as en, openUnread as enUnread } from '../lang/en.json';
import { open as es, openUnread as esUnread } from '../lang/es.json';
import { open as fr, openUnread as frUnread } from '../lang/fr.json';
import { open as pl, openUnread as plUnread } from '../lang/pl.json';
import { open as pt, openUnread as ptUnread } from '../lang/pt.json';
import { open as zh, openUnread as zhUnread } from '../lang/zh.json';
import type { Language } from './config';

export const labels: Record<Language, readonly [open: string, openUnread: string]> = {
  en: [en, enUnread],
  de: [de, deUnread],
  fr: [fr, frUnread],
  es: [es, esUnread],
  pt: [pt, ptUnread],
  pl: [pl, plUnread],
  ar: [ar, arUnread],
  zh: [zh, zhUnread],
};
