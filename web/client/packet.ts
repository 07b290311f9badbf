// Socket.IO packets inside Engine.IO messages, as far as a chat needs them: no binary, one namespace
// (docs/protocol.md). Pure.

import { isArray, toJson } from './builtins';

export type Packet =
  | { type: 'connect'; data: unknown }
  | { type: 'disconnect' }
  | { type: 'event'; name: string; data: unknown }
  | { type: 'ack'; id: number; data: unknown }
  | { type: 'refused'; data: unknown };

/** The text of a CONNECT; auth travels with it. */
export function encodeConnect(auth?: object): string {
  return auth ? `0${toJson(auth)}` : '0';
}

/** The text of an event, with an id when an acknowledgement is wanted. */
export function encodeEvent(name: string, data?: unknown, id?: number): string {
  return `2${id ?? ''}${toJson(data === undefined ? [name] : [name, data])}`;
}

/** undefined: not a packet of this protocol. */
export function decode(text: string): Packet | undefined {
  const match = /^([0-4])(\d*)(.*)$/s.exec(text);
  if (!match) return undefined;
  let data: unknown;
  try {
    data = match[3] ? JSON.parse(match[3]) : undefined;
  } catch {
    return undefined;
  }
  switch (match[1]) {
    case '0':
      return { type: 'connect', data };
    case '1':
      return { type: 'disconnect' };
    case '2':
      return isArray(data) && typeof data[0] === 'string' ? { type: 'event', name: data[0], data: data[1] } : undefined;
    case '3':
      return isArray(data) && match[2] ? { type: 'ack', id: Number(match[2]), data: data[0] } : undefined;
    default:
      return { type: 'refused', data };
  }
}
