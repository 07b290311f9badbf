// widget.js, what a site embeds: the button on its page, and the one global name LiveChat. Everything
// else is loaded when the visitor opens the conversation, or has one already.
//
//   <script async src="https://chat.example.com/widget.js" data-site="shop"></script>
import type { Changes, Config, Host, Identity, Panel, PanelModule, WidgetEvents } from '../contract';
import { storageKey, visitorKey } from '../contract';
import { contrast, parseRgb, readableOn } from './color';
import { isRightToLeft, languageOf, readConfig, readIdentity } from './config';
import { labels } from './labels';
import css from './loader.css?inline';
import { countText, titleWith } from './title';

// Where the build has put them, seen from widget.js.
declare const __PANEL__: string;
declare const __LOADER_STYLE__: string;

type Listener = (data: never) => void;

class Widget implements Host {
  readonly mount = document.createElement('div');
  readonly root: ShadowRoot;
  private readonly element = document.createElement('livechat-widget');
  private readonly frame = document.createElement('div');
  private readonly button = document.createElement('button');
  private readonly badge = document.createElement('span');
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly darkScheme = matchMedia('(prefers-color-scheme: dark)');
  private panel: Promise<Panel> | undefined;
  private isOpen = false;
  private unread = 0;

  constructor(
    readonly config: Config,
    public identity: Identity,
    private readonly source: string,
  ) {
    this.root = this.element.attachShadow({ mode: 'open' });
    void this.addStyle(css, __LOADER_STYLE__);
    this.frame.className = 'frame';
    this.button.type = 'button';
    this.button.className = 'launcher';
    this.button.append(icon('M12 3.5c-4.97 0-9 3.36-9 7.5 0 2.28 1.22 4.32 3.14 5.69-.1 1.1-.5 2.3-1.37 3.31 1.9-.2 3.53-.86 4.77-1.74.79.16 1.61.24 2.46.24 4.97 0 9-3.36 9-7.5s-4.03-7.5-9-7.5Z'), this.badge);
    this.badge.className = 'badge';
    this.badge.setAttribute('aria-hidden', 'true');
    this.button.onclick = () => this.open();
    this.frame.append(this.mount, this.button);
    this.root.append(this.frame);
    this.darkScheme.addEventListener('change', () => {
      this.applyConfig();
      this.applyColor();
    });
    this.applyConfig();
  }

  /** Puts it on the page, and goes on where the visitor was on the page before. */
  attach(): void {
    document.body.append(this.element);
    this.applyColor();
    if (this.recalls(() => sessionStorage, 'open')) this.setOpen(true, false);
    else this.resume();
  }

  open(): void {
    this.setOpen(true, true);
  }

  close(): void {
    if (!this.isOpen) return;
    this.setOpen(false, true);
    this.button.focus();
  }

  identify(identity: Identity): void {
    this.identity = identity;
    if (this.panel) void this.panel.then((panel) => panel.identityChanged());
    else this.resume();
  }

  configure({ theme, color, position, lang, texts }: Changes): void {
    const { config } = this;
    const given = Object.entries({ theme, color, position, lang }).filter(([, value]) => value !== undefined);
    Object.assign(config, Object.fromEntries(given), { texts: { ...config.texts, ...texts } });
    this.applyConfig();
    this.applyColor();
    void this.panel?.then((panel) => panel.configChanged());
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
    document.title = titleWith(document.title, count);
    this.applyLabel();
    this.tell('unread', count);
  }

  async addStyle(text: string, file: string): Promise<void> {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      this.root.adoptedStyleSheets = [...this.root.adoptedStyleSheets, sheet];
    } catch {
      // Browsers before 2023. Policies that forbid inline styles may allow a file of ours.
      this.frame.hidden = true;
      await loaded(this.root, new URL(file, this.source).href);
      this.frame.hidden = false;
    }
  }

  private setOpen(open: boolean, byVisitor: boolean): void {
    if (open !== this.isOpen) {
      this.isOpen = open;
      this.frame.classList.toggle('open', open);
      this.button.setAttribute('aria-expanded', String(open));
      try {
        if (open) sessionStorage.setItem(storageKey(this.config.site, 'open'), 'true');
        else sessionStorage.removeItem(storageKey(this.config.site, 'open'));
      } catch {
        // Not kept over a reload then.
      }
      this.tell(open ? 'open' : 'close', undefined);
    }
    this.load().then(
      (panel) => panel.show(this.isOpen, byVisitor),
      () => {
        // The button stays; the next click tries again.
        this.isOpen = false;
        this.frame.classList.remove('open');
      },
    );
  }

  private load(): Promise<Panel> {
    if (this.panel) return this.panel;
    this.button.classList.add('loading');
    this.panel = (import(/* @vite-ignore */ new URL(__PANEL__, this.source).href) as Promise<PanelModule>)
      .then((module) => module.createPanel(this))
      .catch((error: unknown) => {
        this.panel = undefined;
        throw error;
      })
      .finally(() => this.button.classList.remove('loading'));
    return this.panel;
  }

  // Who has a conversation is told of new messages; everybody else costs one request, for this script.
  private resume(): void {
    if (this.recalls(() => localStorage, visitorKey(this.identity))) this.load().catch(() => undefined);
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
    const surface = parseRgb(getComputedStyle(this.frame).backgroundColor);
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
  svg.append(shape);
  return svg;
}

// Resolves also when the style sheet cannot be had: better a plain conversation than none.
function loaded(root: ShadowRoot, href: string): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = link.onerror = () => resolve();
    root.append(link);
  });
}

type Call = (chat: object) => void;

function start(): void {
  const page = window as unknown as { LiveChat?: Call[] };
  if (page.LiveChat && !Array.isArray(page.LiveChat)) return; // embedded twice
  const script = document.currentScript as HTMLScriptElement | null;
  const config = readConfig(script);
  const widget = new Widget(config, readIdentity(script), script?.src ?? `${config.server}/widget.js`);
  const api = {
    open: () => widget.open(),
    close: () => widget.close(),
    identify: (identity: Identity = {}) => widget.identify(identity),
    configure: (changes: Changes) => widget.configure(changes),
    on: (name: string, listener: Listener) => widget.on(name, listener),
    /** For pages that may be faster than this script: (window.LiveChat ??= []).push((chat) => …) */
    push: (call: Call) => call(api),
  };
  const waiting = page.LiveChat ?? [];
  Object.assign(page, { LiveChat: Object.freeze(api) });
  const begin = (): void => {
    widget.attach();
    for (const call of waiting) call(api);
  };
  if (document.body as HTMLElement | null) begin();
  else addEventListener('DOMContentLoaded', begin, { once: true });
}

start();
