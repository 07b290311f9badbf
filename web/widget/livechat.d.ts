// The types of window.LiveChat, for the pages that embed the widget. The build puts this file beside widget.js as
// livechat/widget.d.ts; the loader is compiled against it.

/** Who your site says its visitor is. */
export interface LiveChatIdentity {
  clientId?: string | number | null | undefined;
  /** hex HMAC-SHA256 of the clientId under `auth.site_secret`, made by your server. */
  signature?: string | null | undefined;
  /** When the signature ends, in seconds since 1970, if it was made with an end. */
  expires?: string | number | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
}

export interface LiveChatChanges {
  /** Where livechat is, for example https://chat.example.com. Only before the conversation begins. */
  server?: string | undefined;
  /** Names the site among several of one livechat. Only before the conversation begins. */
  site?: string | undefined;
  theme?: 'auto' | 'light' | 'dark' | undefined;
  /** Any CSS colour. */
  color?: string | undefined;
  position?: 'start' | 'end' | undefined;
  /** A BCP 47 tag, for example "de-AT". */
  lang?: string | undefined;
  /** Replaces texts of the language, for example `{ title: 'Ask Anna' }`. */
  texts?: Readonly<Record<string, string>> | undefined;
  /** `full`: agents also see what follows the "?" of the page's address. */
  page?: 'path' | 'full' | undefined;
}

export interface LiveChatMessage {
  seq: number;
  message: string;
  /** `client` is the visitor, `admin` the agent. */
  sender: 'client' | 'admin';
  /** RFC 3339, UTC. */
  createdAt: string;
}

export interface LiveChatEvents {
  open: undefined;
  close: undefined;
  message: LiveChatMessage;
  /** How many messages the visitor has not read. */
  unread: number;
  connection: 'connecting' | 'live' | 'rest' | 'offline';
}

export interface LiveChatApi {
  open(): void;
  close(): void;
  /** Takes the button and the panel off the page; the conversation goes on, and `unread` is still told. */
  hide(): void;
  show(): void;
  /** Ends everything and gives the name LiveChat free. The visitor keeps the conversation. */
  destroy(): void;
  /** Says who the visitor is. Without arguments: an anonymous visitor, also after signing out. */
  identify(identity?: LiveChatIdentity | null): void;
  configure(changes: LiveChatChanges): void;
  /** The visitor is on another page now. address: what agents shall see; by default the page's own. */
  page(address?: string): void;
  /** Returns a function that ends it. */
  on<Name extends keyof LiveChatEvents>(event: Name, listener: (data: LiveChatEvents[Name]) => void): () => void;
  /** Calls it with this object; before widget.js is there, an array keeps such calls. */
  push(...calls: ((chat: LiveChatApi) => void)[]): void;
}

declare global {
  interface Window {
    /** `(window.LiveChat ??= []).push((chat) => …)` works at any time. */
    LiveChat?: LiveChatApi | ((chat: LiveChatApi) => void)[];
  }
}
