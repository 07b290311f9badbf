import { describe, expect, test } from 'vitest';

import { decode, encodeConnect, encodeEvent } from '../../client/packet';

describe('a Socket.IO packet', () => {
  test('is written as the protocol says', () => {
    expect(encodeConnect()).toBe('0');
    expect(encodeConnect({ token: 'abc' })).toBe('0{"token":"abc"}');
    expect(encodeEvent('watch-presence')).toBe('2["watch-presence"]');
    expect(encodeEvent('join', { clientId: 'a"b' }, 7)).toBe('27["join",{"clientId":"a\\"b"}]');
  });

  test('is read as it was meant', () => {
    expect(decode('0{"sid":"x"}')).toEqual({ type: 'connect', data: { sid: 'x' } });
    expect(decode('0')).toEqual({ type: 'connect', data: undefined });
    expect(decode('1')).toEqual({ type: 'disconnect' });
    expect(decode('2["new-message",{"seq":1}]')).toEqual({ type: 'event', name: 'new-message', data: { seq: 1 } });
    expect(decode('2["text","with\u2028line"]')).toEqual({ type: 'event', name: 'text', data: 'with\u2028line' });
    expect(decode('312[{"status":"ok"}]')).toEqual({ type: 'ack', id: 12, data: { status: 'ok' } });
    expect(decode('4{"message":"no"}')).toEqual({ type: 'refused', data: { message: 'no' } });
  });

  test.each(['', 'x', '5["a"]', '2', '2{}', '2[1]', '3["no id"]', '2["unfinished"', '31'])('that is malformed is refused: %j', (text) => {
    expect(decode(text)).toBeUndefined();
  });
});
