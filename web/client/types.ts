// What travels between a client and the server: docs/openapi.yaml (REST), docs/protocol.md (events).

/** `client` is the visitor, `admin` the agent. */
export type Side = 'client' | 'admin';

export interface Message {
  /** Position in its session: 1, 2, 3 … without holes. */
  seq: number;
  message: string;
  sender: Side;
  /** RFC 3339, UTC, milliseconds. */
  createdAt: string;
  /** As the sender chose it. */
  messageId?: string | undefined;
  /** Its text was erased; `message` is empty. */
  erased?: boolean | undefined;
  /** The opposite side has read it. */
  read?: boolean | undefined;
}

/** What the visitor's browser tells about itself, for agents only. */
export interface Visitor {
  page?: string;
  referrer?: string;
  userAgent?: string;
  language?: string;
  timezone?: string;
  name?: string;
  email?: string;
}

export interface Session {
  clientId: string;
  status: 'active' | 'closed';
  lastMessage: Pick<Message, 'message' | 'createdAt' | 'sender' | 'seq' | 'erased'> | null;
  /** How many messages each side has not read. */
  unread: { client: number; admin: number };
  createdAt: string;
}

export interface Initialized {
  session: Session;
  /** The newest 50, oldest first. */
  messages: Message[];
  /** Proves from now on that this clientId is the caller's. */
  token?: string;
}

export interface History {
  messages: Message[];
  total: number;
  page: number | null;
  totalPages: number;
}

/** What the server answers to a message that it has stored. */
export interface Sent {
  seq: number;
  createdAt: string;
  messageId?: string | undefined;
}

/** The events that a room's sockets hear. */
export interface RoomEvents {
  'new-message': Message & { clientId: string };
  typing: { clientId: string; isTyping: boolean; sender: Side };
  'messages-read': { clientId: string; reader: Side; upTo: number };
  'session-closed': { clientId: string };
  'session-opened': { clientId: string };
  /** The texts up to that seq are gone. */
  'session-erased': { clientId: string; upTo: number };
  presence: { agents: boolean };
}
