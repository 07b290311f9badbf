// The client library: what the widget is built on, for anybody's own views.
export { ServerClock } from './clock';
export { Conversation, type ConversationEvents, type ConversationOptions, type ConversationStatus } from './conversation';
export type { EntryOptions } from './entry';
export { Failure } from './failure';
export { Link, type LinkOptions, type LinkState } from './link';
export { newMessageId, Outbox, type Pending } from './outbox';
export { Rest, type Range, type RestOptions } from './rest';
export { Socket, type SocketOptions } from './socket';
export { browserStore, type Store } from './store';
export { opposite, Timeline } from './timeline';
export type { TransportName } from './transport';
export * from './types';
