// window.LiveChat: what pages say to the widget, and what they are told when it cannot be meant.
import { contains, entries, isArray } from '../../client/builtins';
import type { LiveChatApi } from '../livechat';
import { identityOf } from './config';
import { warn, warnOfUnknown } from './say';
import type { Widget } from './widget';

type Call = (chat: LiveChatApi) => void;

const changes = ['server', 'site', 'theme', 'color', 'position', 'lang', 'texts', 'page'];
const identity = ['clientId', 'signature', 'expires', 'name', 'email'];
const events = ['open', 'close', 'message', 'unread', 'connection'];

export function apiOf(widget: Widget): LiveChatApi {
  const api: LiveChatApi = {
    open: () => widget.open(),
    close: () => widget.close(),
    hide: () => widget.hide(),
    show: () => widget.show(),
    destroy: () => widget.destroy(),
    identify: (given) => {
      warnOfUnknown(given ?? {}, identity, 'identify()');
      widget.identify(identityOf(given ?? {}));
    },
    configure: (given) => {
      warnOfUnknown(given, changes, 'configure()');
      widget.configure(given);
    },
    page: (address) => widget.setAddress(address),
    on: (event, listener) => {
      if (!contains(events, event)) warn(`on() does not know "${event}"; it knows ${events.join(', ')}`);
      return widget.on(event, listener);
    },
    push: (...calls) => takeCalls(api, calls),
  };
  return Object.freeze(api);
}

export function takeCalls(api: LiveChatApi, calls: readonly Call[]): void {
  for (const call of calls) {
    if (typeof call !== 'function') {
      warn('push() takes functions: LiveChat.push((chat) => chat.open())');
      continue;
    }
    try {
      call(api);
    } catch (error) {
      reportError(error); // the page's mistake, as if it had happened in an event handler of its own
    }
  }
}

/**
 * Gives the name to api, and returns what the page has left there to be called. A value of the page's own is not
 * taken from it: it gets the functions that it does not have.
 */
export function takeName(api: LiveChatApi): readonly Call[] {
  const page = window as unknown as { LiveChat?: unknown };
  const before = page.LiveChat;
  if (before === api) return [];
  // Elements are found by their id under any name that is free.
  const isFree = before === undefined || before === null || isArray(before) || before instanceof Node || before instanceof HTMLCollection;
  try {
    if (isFree) Object.defineProperty(page, 'LiveChat', { value: api, configurable: true, writable: true, enumerable: true });
    else {
      warn('window.LiveChat is the page’s own; what it lacks of LiveChat’s functions is added to it');
      for (const [name, value] of entries(api)) {
        const own = before as Record<string, unknown>;
        if (!(name in own)) own[name] = value;
      }
    }
  } catch {
    warn('the name window.LiveChat is taken; the chat cannot be called by scripts');
  }
  return isArray(before) ? (before as Call[]) : [];
}
