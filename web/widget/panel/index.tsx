// What widget.js loads when the conversation is wanted.
import { render } from 'preact';

import type { Host, Panel, Texts } from '../contract';
import { Controller } from './controller';
import { Dates } from './dates';
import { loadTexts } from './languages';
import css from './panel.css?inline';
import { PanelView } from './panel';

export async function createPanel(host: Host): Promise<Panel> {
  const { lang } = host.config;
  const texts: Texts = { ...(await loadTexts(lang)), ...host.config.texts };
  host.addStyle(css);
  const controller = new Controller(host);
  controller.describe = ({ message }) => `${texts.agent}: ${message}`;
  render(<PanelView controller={controller} texts={texts} dates={new Dates(lang, texts, navigator.languages)} />, host.mount);
  return controller;
}
