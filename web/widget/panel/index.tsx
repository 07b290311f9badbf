// What widget.js loads when the conversation is wanted.
import { render } from 'preact';

import { entries, map } from '../../client/builtins';
import type { Host, Panel, Texts } from '../contract';
import { isRightToLeft, languageOf } from '../loader/config';
import { warn, warnOfUnknown } from '../loader/say';
import { Controller } from './controller';
import { Dates } from './dates';
import { loadTexts } from './languages';
import css from './panel.css?inline';
import { PanelView } from './panel';

/** Where the build has put panel.css, seen from widget.js. */
declare const __PANEL_STYLE__: string;

export async function createPanel(host: Host): Promise<Panel> {
  await host.addStyle(css, __PANEL_STYLE__);
  const controller = new Controller(host);
  const { mount } = host;
  let drawing = 0;
  // In the language of now.
  const draw = async (): Promise<void> => {
    const { lang, texts: chosen } = host.config;
    const turn = ++drawing;
    const own = await loadTexts(lang);
    if (turn !== drawing) return; // a later one overtook it
    const texts: Texts = { ...own, ...chosen };
    warnOfUnknown(chosen, map(entries(own), ([key]) => key), 'texts');
    mount.lang = languageOf(lang);
    mount.dir = isRightToLeft(languageOf(lang)) ? 'rtl' : 'ltr';
    controller.describe = ({ message }) => `${texts.agent}: ${message}`;
    render(<PanelView controller={controller} texts={texts} dates={new Dates(lang, texts, navigator.languages, () => controller.conversation.now())} />, mount);
  };
  // A language that cannot be had leaves everything in the previous one.
  controller.configChanged = () => void draw().catch((error: unknown) => warn(`the texts could not be loaded: ${error as string}`));
  await draw();
  controller.ended = () => render(null, mount);
  return controller;
}
