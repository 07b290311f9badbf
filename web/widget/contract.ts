// What the two halves of the widget know of each other: the loader, which is on every page, and the
// panel, which comes when it is wanted.
import type { LinkState, Message } from '../client';
import type en from './lang/en.json';

export type Texts = Record<keyof typeof en, string>;

export interface Config {
  /** Where livechat is, without a slash at the end. */
  server: string;
  /** Names the site among several of one livechat; part of new clientIds. */
  site: string;
  /** A BCP 47 tag; its language decides the texts, all of it the form of dates. */
  lang: string;
  theme: 'auto' | 'light' | 'dark';
  /** Any CSS colour. */
  color: string | undefined;
  position: 'start' | 'end';
  /** Replaces texts of the language. */
  texts: Partial<Texts>;
  /** How much of the page's address agents see: without or with what follows its "?". */
  page: 'path' | 'full';
}

/** What a site may change: server and site before the conversation begins, the rest at any time. */
export type Changes = Partial<Config>;

/** Who the site says its visitor is. */
export interface Identity {
  clientId?: string | undefined;
  /** hex HMAC-SHA256(site secret, clientId) */
  signature?: string | undefined;
  /** When the signature ends, in seconds since 1970, if it was made with an end. */
  expires?: number | undefined;
  name?: string | undefined;
  email?: string | undefined;
}

/** What `LiveChat.on` tells. */
export interface WidgetEvents {
  open: undefined;
  close: undefined;
  /** A message came or was stored; not those of the first look. */
  message: Message;
  unread: number;
  /** How the server is reached, or that it is not. */
  connection: LinkState;
}

/**
 * What the panel may ask of the loader. A page that was loaded before an update has an older loader than its panel:
 * what is added here later has to be optional.
 */
export interface Host {
  /** Where the panel draws. */
  readonly mount: HTMLElement;
  readonly root: ShadowRoot;
  readonly config: Config;
  readonly identity: Identity;
  /** Whether what is in `mount` can be seen: it is on the page, nothing hides it, the tab is in front. */
  readonly visible: boolean;
  /** The address that agents see, as the site's page settings allow; undefined: the page has none to show. */
  readonly address: string | undefined;
  /** Puts a style sheet into the shadow tree; file: the same, seen from widget.js. Resolves when it is in force. */
  addStyle(css: string, file: string): Promise<void>;
  showUnread(count: number): void;
  tell<Name extends keyof WidgetEvents>(name: Name, data: WidgetEvents[Name]): void;
  /** The visitor wants the panel to be gone. */
  close(): void;
  /** The server does not let pages of this origin in, and there is nothing to show: no button is better. */
  refuse(): void;
}

export interface Panel {
  /** Whether the conversation is seen. focus: the visitor asked for it. */
  show(open: boolean, focus: boolean): void;
  /** host.identity is another one. */
  identityChanged(): void;
  /** The language or the texts of host.config are others. */
  configChanged(): void;
  /** host.address may be another one. */
  pageChanged(): void;
  /** Ends the conversation's connection and removes every listener. What is not sent stays kept. */
  destroy(): void;
}

export interface PanelModule {
  createPanel(host: Host): Promise<Panel>;
}

/** Keys below which the widget keeps things, after the site's name. */
export function storageKey(site: string, what: string): string {
  return `livechat:${site}:${what}`;
}

/** The slot of the tab's session storage for the visitor whom the site has signed in, and their token. */
export const signedKey = 'signed';

/** What a visitor's conversation is kept under: a visitor without a name from the site is "visitor". */
export function visitorKey({ clientId }: Identity): string {
  return clientId === undefined ? 'visitor' : `user:${clientId}`;
}
