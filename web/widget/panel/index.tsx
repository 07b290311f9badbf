// What widget.js loads when the conversation is wanted.
import { render } from 'preact';

import type { Host, Panel, Texts } from '../contract';
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
  let drawing = 0;
  // In the language of now.
  const draw = async (): Promise<void> => {
    const { lang } = host.config;
    const turn = ++drawing;
    const texts: Texts = { ...(await loadTexts(lang)), ...host.config.texts };
    if (turn !== drawing) return; // a later one overtook it
    controller.describe = ({ message }) => `${texts.agent}: ${message}`;
    render(<PanelView controller={controller} texts={texts} dates={new Dates(lang, texts, navigator.languages)} />, host.mount);
  };
  controller.configChanged = () => void draw();
  await draw();
  return controller;
}
