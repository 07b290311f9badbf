// widget.js, what a site embeds: the button on its page, and the one global name LiveChat. Everything
// else is loaded when the visitor opens the conversation, or has one already.
//
//   <script async src="https://chat.example.com/widget.js" data-site="shop"></script>
import { apiOf, takeCalls, takeName } from './api';
import { findScript, readConfig, readIdentity, sourceOf } from './config';
import { warn } from './say';
import { Widget } from './widget';

// A document has one widget, whatever the page does with the name LiveChat.
const brand: unique symbol = Symbol.for('livechat');

function start(): void {
  const page = document as { [brand]?: () => void };
  if (page[brand]) {
    page[brand](); // embedded twice, or once more by a router
    return;
  }
  const script = findScript();
  const widget = new Widget(readConfig(script), readIdentity(script), sourceOf(script)?.href);
  const api = apiOf(widget);
  page[brand] = () => {
    takeName(api);
    widget.restore();
    const { site } = readConfig(findScript());
    if (site && site !== widget.config.site) warn(`this page has the chat of site "${widget.config.site}" already; that of "${site}" is left out`);
  };
  const waiting = takeName(api);
  widget.destroyed = () => {
    page[brand] = undefined;
    if ((window as { LiveChat?: unknown }).LiveChat === api) delete (window as { LiveChat?: unknown }).LiveChat;
  };
  const begin = (): void => {
    takeCalls(api, waiting);
    widget.begin();
  };
  if (document.body as HTMLElement | null) begin();
  else addEventListener('DOMContentLoaded', begin, { once: true });
}

start();
