// The few words that the button on the page needs, out of all message files.
import { loadFailed as arFailed, open as ar, openUnread as arUnread, refused as arRefused } from '../lang/ar.json';
import { loadFailed as deFailed, open as de, openUnread as deUnread, refused as deRefused } from '../lang/de.json';
import { loadFailed as enFailed, open as en, openUnread as enUnread, refused as enRefused } from '../lang/en.json';
import { loadFailed as esFailed, open as es, openUnread as esUnread, refused as esRefused } from '../lang/es.json';
import { loadFailed as frFailed, open as fr, openUnread as frUnread, refused as frRefused } from '../lang/fr.json';
import { loadFailed as plFailed, open as pl, openUnread as plUnread, refused as plRefused } from '../lang/pl.json';
import { loadFailed as ptFailed, open as pt, openUnread as ptUnread, refused as ptRefused } from '../lang/pt.json';
import { loadFailed as zhFailed, open as zh, openUnread as zhUnread, refused as zhRefused } from '../lang/zh.json';
import type { Language } from './config';

export const labels: Record<Language, readonly [open: string, openUnread: string, loadFailed: string, refused: string]> = {
  en: [en, enUnread, enFailed, enRefused],
  de: [de, deUnread, deFailed, deRefused],
  fr: [fr, frUnread, frFailed, frRefused],
  es: [es, esUnread, esFailed, esRefused],
  pt: [pt, ptUnread, ptFailed, ptRefused],
  pl: [pl, plUnread, plFailed, plRefused],
  ar: [ar, arUnread, arFailed, arRefused],
  zh: [zh, zhUnread, zhFailed, zhRefused],
};
