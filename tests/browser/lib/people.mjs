// Who takes part: visitors with browsers of their own, and an agent with a stock client.
import { ChatClient } from '../../harness/chat_client.mjs';
import { request, sessionPath } from '../../harness/http.mjs';
import { person, watched } from './chromium.mjs';
import { watchWidget, Widget } from './widget.mjs';

export class Person {
  // options: of the browser's context, for example viewport, colorScheme, locale
  static async visit(url, options) {
    return (await Person.arrive(options)).goTo(url);
  }

  // With an empty page, for who has to prepare something.
  static async arrive(options) {
    const page = await person({ reducedMotion: 'reduce', ...options });
    await watchWidget(page);
    return new Person(page);
  }

  constructor(page) {
    this.page = page;
    this.widget = new Widget(page);
  }

  get complaints() {
    return this.page.complaints;
  }

  async goTo(url) {
    await this.page.goto(url);
    return this;
  }

  // The same browser, so the same visitor.
  async anotherWindow(url = this.page.url()) {
    const page = await watched(this.page.context());
    await watchWidget(page);
    return new Person(page).goTo(url);
  }

  leave() {
    return this.page.context().close();
  }
}

// A stock client that acts as an agent.
export async function agentOf(stack, options) {
  const agent = await ChatClient.connect(stack, options);
  const path = (verb, clientId) => sessionPath(verb, clientId);
  return Object.assign(agent, {
    join: (clientId) => agent.ask('join', { clientId, after: 0 }),
    say: async (clientId, message) => {
      const ack = await agent.ask('send-message', { clientId, message, sender: 'admin' });
      if (ack.status !== 'ok') throw new Error(`not sent: ${JSON.stringify(ack)}`);
    },
    read: (clientId) => agent.ask('mark-read', { clientId, sender: 'admin' }),
    endSession: (clientId) => request(stack, 'PUT', path('close', clientId)),
  });
}
