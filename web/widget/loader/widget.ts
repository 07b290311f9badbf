// The button on the page, and the frame in which the panel draws.
import { entries, startsWith } from '../../client/builtins';
import type { Changes, Config, Host, Identity, Panel, PanelModule, WidgetEvents } from '../contract';
import { signedKey, storageKey, visitorKey } from '../contract';
import { addressFor, watchAddress } from './address';
import { contrast, parseRgb, readableOn } from './color';
import { isRightToLeft, languageOf, serverOf } from './config';
import { labels } from './labels';
import css from './loader.css?inline';
import { Place } from './place';
import { complain, warn } from './say';
import { countText, Title } from './title';

// Where the build has put them, seen from widget.js.
declare const __PANEL__: string;
declare const __LOADER_STYLE__: string;

type Listener = (data: never) => void;

// A page that listens to keys, to the focus or to the clipboard means its own: what it does with them here would take
// letters from the visitor. Clicks it may hear.
const kept = ('keydown keypress keyup beforeinput input paste copy cut selectstart dragstart contextmenu ' +
  'focusin focusout mousedown touchstart touchmove wheel').split(' ');

const patience = 1_000; // milliseconds, in which a page can say where livechat is
const problemShown = 10_000; // milliseconds

export class Widget implements Host {
  readonly mount = document.createElement('div');
  readonly root: ShadowRoot;
  destroyed: () => void = () => undefined;
  private readonly element = document.createElement('livechat-widget');
  private readonly frame = document.createElement('div');
  private readonly button = document.createElement('button');
  private readonly badge = document.createElement('span');
  private readonly problem = document.createElement('p');
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly darkScheme = matchMedia('(prefers-color-scheme: dark)');
  private readonly place: Place;
  private readonly title = new Title();
  private readonly watches: (() => void)[] = [];
  private panel: Promise<Panel> | undefined;
  private said: string | undefined; // by page()
  private begun = false;
  private identified: boolean; // the page has said who the visitor is, if only that they are not signed in
  private wantsOpen = false;
  private ended = false;
  private hidden = false;
  private isOpen = false;
  private refused = false;
  private unread = 0;
  private problemTimer: ReturnType<typeof setTimeout> | undefined;
  private serverTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly config: Config,
    public identity: Identity,
    /** The address of widget.js, where it is known. */
    private readonly source: string | undefined,
  ) {
    this.identified = identity.clientId !== undefined;
    this.root = this.element.attachShadow({ mode: 'open' });
    this.place = new Place(this.element, () => this.look());
    this.frame.className = 'frame';
    this.button.type = 'button';
    this.button.className = 'launcher';
    this.button.appendChild(icon('M12 3.5c-4.97 0-9 3.36-9 7.5 0 2.28 1.22 4.32 3.14 5.69-.1 1.1-.5 2.3-1.37 3.31 1.9-.2 3.53-.86 4.77-1.74.79.16 1.61.24 2.46.24 4.97 0 9-3.36 9-7.5s-4.03-7.5-9-7.5Z'));
    this.button.appendChild(this.badge);
    this.badge.className = 'badge';
    this.badge.setAttribute('aria-hidden', 'true');
    this.problem.className = 'problem';
    this.problem.setAttribute('role', 'alert');
    this.button.onclick = () => this.open();
    for (const name of kept) this.frame.addEventListener(name, (event) => event.stopPropagation());
    for (const part of [this.mount, this.problem, this.button]) this.frame.appendChild(part);
    this.root.appendChild(this.frame);
    const restyle = (): void => {
      this.applyConfig();
      this.applyColor();
    };
    this.darkScheme.addEventListener('change', restyle);
    this.watches.push(
      () => this.darkScheme.removeEventListener('change', restyle),
      watchAddress(() => this.withPanel((panel) => panel.pageChanged())),
    );
    this.applyConfig();
  }

  /** The page has said what it has to say: puts the button there, and goes on where the visitor was on the page before. */
  begin(): void {
    if (this.begun || this.ended) return;
    if (!this.config.server) {
      this.serverTimer = setTimeout(() => {
        complain('where is the server? Give the tag of this script data-server="https://chat.example.com", or call LiveChat.push((chat) => chat.configure({ server, site }))');
      }, patience);
      return;
    }
    clearTimeout(this.serverTimer);
    this.begun = true;
    void this.addStyle(css, __LOADER_STYLE__);
    if (this.recalls(() => sessionStorage, 'refused')) void this.askWhetherRefused();
    if (!this.hidden) this.place.put();
    this.applyColor();
    this.forgetOthers();
    if (this.wantsOpen) this.open();
    else if (this.recalls(() => sessionStorage, 'open')) this.setOpen(true, false);
    else this.resume();
  }

  /** After the page has embedded it once more. */
  restore(): void {
    if (this.begun && !this.hidden) this.place.put();
    this.look();
  }

  open(): void {
    if (this.ended) return;
    this.wantsOpen = true;
    if (!this.begun) return;
    this.show();
    if (this.refused) this.showProblem(1);
    else this.setOpen(true, true);
  }

  close(): void {
    this.wantsOpen = false;
    if (!this.isOpen) return;
    const hadFocus = this.root.activeElement !== null;
    this.setOpen(false, true);
    if (hadFocus) this.button.focus();
  }

  hide(): void {
    if (this.hidden) return;
    this.hidden = true;
    this.place.leave();
    this.title.show(0);
    this.withPanel((panel) => panel.show(false, false));
  }

  show(): void {
    if (!this.hidden || this.ended) return;
    this.hidden = false;
    if (!this.begun) return;
    this.place.put();
    this.applyColor();
    this.title.show(this.unread);
    if (this.isOpen) this.withPanel((panel) => panel.show(true, false));
  }

  destroy(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.serverTimer);
    this.place.leave();
    this.title.show(0);
    for (const end of this.watches) end();
    this.withPanel((panel) => panel.destroy());
    this.listeners.clear();
    this.destroyed();
  }

  identify(identity: Identity): void {
    this.identity = identity;
    this.identified = true;
    if (this.panel) this.withPanel((panel) => panel.identityChanged());
    else if (this.begun) {
      this.forgetOthers();
      this.resume();
    }
  }

  configure({ server, site, ...changes }: Changes): void {
    const { config } = this;
    this.move(server, site);
    const texts = { ...config.texts, ...changes.texts };
    for (const [name, value] of entries(changes)) Object.assign(config, { [name]: value });
    config.texts = texts;
    this.applyConfig();
    this.applyColor();
    this.withPanel((panel) => {
      panel.configChanged();
      panel.pageChanged();
    });
  }

  /** given: another address than the page's own. */
  setAddress(given: string | undefined): void {
    this.said = given;
    this.withPanel((panel) => panel.pageChanged());
  }

  get address(): string | undefined {
    const { said, config } = this;
    return said === undefined ? addressFor(location.href, config.page === 'full') : addressFor(said, true);
  }

  get visible(): boolean {
    const { mount } = this;
    const options = { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true, checkOpacity: true, checkVisibilityCSS: true };
    const isDrawn = 'checkVisibility' in Element.prototype ? mount.checkVisibility(options) : mount.getClientRects().length > 0;
    return mount.isConnected && isDrawn && document.visibilityState === 'visible';
  }

  on(name: string, listener: Listener): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  tell<Name extends keyof WidgetEvents>(name: Name, data: WidgetEvents[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        listener(data as never);
      } catch (error) {
        reportError(error); // the page's mistake, as if it had happened in an event handler of its own
      }
    }
  }

  showUnread(count: number): void {
    if (count === this.unread) return;
    this.unread = count;
    this.badge.textContent = count > 0 ? countText(count) : '';
    if (!this.hidden) this.title.show(count);
    this.applyLabel();
    this.tell('unread', count);
  }

  refuse(): void {
    if (this.refused) return;
    complain(`the server lets no page of this origin in; add "${location.origin}" to auth.allowed_origins`);
    this.remember('refused', true);
    this.withdraw(true);
    this.undoOpen(1);
    this.withPanel((panel) => panel.show(false, false));
  }

  async addStyle(text: string, file: string): Promise<void> {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      this.root.adoptedStyleSheets = [...this.root.adoptedStyleSheets, sheet];
    } catch {
      // Browsers before 2023. Policies that forbid inline styles may allow a file of ours.
      this.frame.hidden = true;
      await loaded(this.root, this.urlOf(file));
      this.frame.hidden = false;
    }
  }

  // What may have been missed while it was not on the page.
  private look(): void {
    if (this.isOpen && !this.hidden) this.withPanel((panel) => panel.show(true, false));
  }

  // Server and site name the conversation, so they are settled when it begins.
  private move(server: string | undefined, site: string | undefined): void {
    const { config } = this;
    const found = serverOf(server);
    if (server !== undefined && !found) complain(`"${server}" is no address of a server`);
    const moves = (found !== undefined && found !== config.server) || (site !== undefined && site !== config.site);
    if (!moves) return;
    if (this.panel) {
      warn('configure() sets server and site only before the conversation begins');
      return;
    }
    config.server = found ?? config.server;
    config.site = site ?? config.site;
    if (this.begun) this.resume();
    else if (this.serverTimer !== undefined) this.begin();
  }

  private setOpen(open: boolean, byVisitor: boolean): void {
    this.clearProblem();
    if (open !== this.isOpen) {
      this.isOpen = open;
      this.frame.classList.toggle('open', open);
      this.button.setAttribute('aria-expanded', `${open}`);
      this.remember('open', open);
      this.tell(open ? 'open' : 'close', undefined);
    }
    this.load().then(
      (panel) => panel.show(this.isOpen && !this.hidden, byVisitor),
      () => this.undoOpen(0),
    );
  }

  // Nothing came of it: the page is as before, and says why.
  private undoOpen(problem: 0 | 1): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.frame.classList.remove('open');
    this.button.setAttribute('aria-expanded', 'false');
    this.remember('open', false);
    this.tell('close', undefined);
    this.showProblem(problem);
  }

  private showProblem(which: 0 | 1): void {
    this.clearProblem();
    this.problem.textContent = labels[languageOf(this.config.lang)][which + 2] ?? '';
    this.problemTimer = setTimeout(() => this.clearProblem(), problemShown);
  }

  private clearProblem(): void {
    clearTimeout(this.problemTimer);
    this.problem.textContent = '';
  }

  private load(): Promise<Panel> {
    if (this.panel) return this.panel;
    this.button.classList.add('loading');
    this.panel = this.fetchPanel()
      .catch((error: unknown) => {
        this.panel = undefined;
        complain(`the chat could not be loaded: ${error as string}`);
        throw error;
      })
      .finally(() => this.button.classList.remove('loading'));
    return this.panel;
  }

  // A server that was updated since this script came has the panel under another name; and browsers do not ask again
  // for a module that they could not get once. So the second attempt is for the newest one, under a name of its own.
  private async fetchPanel(): Promise<Panel> {
    const get = (file: string): Promise<PanelModule> => import(/* @vite-ignore */ this.urlOf(file)) as Promise<PanelModule>;
    const module = await get(__PANEL__).catch(() => get(`livechat/panel.js?${Math.random()}`));
    return module.createPanel(this);
  }

  private urlOf(file: string): string {
    const { server } = this.config;
    // Beside widget.js, unless that came from elsewhere.
    return new URL(file, this.source && startsWith(this.source, `${server}/`) ? this.source : `${server}/`).href;
  }

  private withPanel(act: (panel: Panel) => void): void {
    this.panel?.then(act, () => undefined);
  }

  // Who has a conversation is told of new messages; everybody else costs one request, for this script.
  private resume(): void {
    if (this.recalls(() => localStorage, visitorKey(this.identity))) this.load().catch(() => undefined);
  }

  // The panel knows how, if another visitor was signed in on this tab before.
  private forgetOthers(): void {
    if (!this.identified || !this.recalls(() => sessionStorage, signedKey)) return;
    this.load().then((panel) => panel.identityChanged(), () => undefined);
  }

  private async askWhetherRefused(): Promise<void> {
    this.withdraw(true);
    try {
      const answer = await fetch(`${this.config.server}/api/chat/me`, { credentials: 'omit' });
      const { code } = (await answer.json()) as { code?: string };
      if (code === 'origin_refused') return;
    } catch {
      // Not known then.
    }
    this.remember('refused', false);
    this.withdraw(false);
  }

  private withdraw(refused: boolean): void {
    this.refused = refused;
    this.button.hidden = refused;
  }

  // In this tab.
  private remember(what: string, value: boolean): void {
    try {
      const key = storageKey(this.config.site, what);
      if (value) sessionStorage.setItem(key, 'true');
      else sessionStorage.removeItem(key);
    } catch {
      // Not kept over a reload then.
    }
  }

  private recalls(area: () => Storage, what: string): boolean {
    try {
      return area().getItem(storageKey(this.config.site, what)) !== null;
    } catch {
      return false;
    }
  }

  private applyConfig(): void {
    const { lang, theme, position } = this.config;
    const language = languageOf(lang);
    this.frame.lang = language;
    this.frame.dir = isRightToLeft(language) ? 'rtl' : 'ltr';
    this.frame.dataset['position'] = position;
    this.frame.dataset['theme'] = theme === 'auto' ? (this.darkScheme.matches ? 'dark' : 'light') : theme;
    this.applyLabel();
  }

  private applyLabel(): void {
    const [open, openUnread] = labels[languageOf(this.config.lang)];
    this.button.setAttribute('aria-label', this.unread > 0 ? openUnread.replace('{count}', countText(this.unread)) : open);
  }

  private applyColor(): void {
    const { style } = this.frame;
    style.color = this.config.color ?? '';
    const color = style.color && parseRgb(getComputedStyle(this.frame).color);
    style.color = '';
    if (!color) return;
    const accent = `rgb(${color.join()})`;
    const onAccent = readableOn(color);
    style.setProperty('--accent', accent);
    style.setProperty('--on-accent', onAccent);
    style.setProperty('--shade', onAccent === '#fff' ? '#000' : '#fff');
    // What has the focus is seen by the site's colour where that is seen at all (WCAG 1.4.11).
    const surface = parseRgb(getComputedStyle(this.problem).backgroundColor);
    style.setProperty('--ring', surface && contrast(color, surface) >= 3 ? accent : 'var(--text)');
  }
}

function icon(path: string): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(space, 'path');
  shape.setAttribute('d', path);
  svg.appendChild(shape);
  return svg;
}

// Resolves also when the style sheet cannot be had: better a plain conversation than none.
function loaded(root: ShadowRoot, href: string): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = link.onerror = () => resolve();
    root.appendChild(link);
  });
}
