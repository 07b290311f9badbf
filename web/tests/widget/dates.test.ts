import { describe, expect, test } from 'vitest';

import { Dates, sameDay } from '../../widget/panel/dates';
import { transcriptText } from '../../widget/panel/transcript';

const now = new Date(2025, 2, 10, 12, 0);
const dates = (lang: string, preferred: string[] = []): Dates =>
  new Dates(lang, { today: 'Today', yesterday: 'Yesterday' }, preferred, () => now);

describe('a day', () => {
  test.each([
    [new Date(2025, 2, 10, 0, 0), 'Today'], [new Date(2025, 2, 9, 23, 59), 'Yesterday'], [new Date(2025, 2, 8, 12), 'Saturday, March 8'],
    [new Date(2024, 2, 10, 12), 'March 10, 2024'],
  ])('%s is %j', (date, expected) => expect(dates('en-US').dayOf(date)).toBe(expected));

  test('is written in the language, and an invalid tag does no harm', () => {
    expect(dates('de-DE').dayOf(new Date(2025, 2, 8))).toBe('Samstag, 8. März');
    expect(dates('x<y').dayOf(new Date(2025, 2, 9))).toBe('Yesterday');
  });

  test('is written for the country that the browser is set to, if the page leaves it open', () => {
    const afternoon = new Date(2025, 2, 10, 14, 5);
    expect(dates('en', ['de-DE', 'en-GB']).timeOf(afternoon)).toBe('14:05');
    expect(dates('en-US', ['en-GB']).timeOf(afternoon)).toMatch(/2:05\sPM/);
  });

  test('ends at midnight', () => {
    expect(sameDay(new Date(2025, 2, 10, 0, 0), new Date(2025, 2, 10, 23, 59))).toBe(true);
    expect(sameDay(new Date(2025, 2, 9, 23, 59), new Date(2025, 2, 10, 0, 0))).toBe(false);
  });
});

describe('a transcript', () => {
  const texts = { you: 'You', agent: 'Support', title: 'Chat', erased: '(deleted)' };
  const createdAt = '2025-03-10T12:00:00.000Z';

  test('is a line for each message, and no message can pretend to be another', () => {
    const text = transcriptText(
      [
        { seq: 1, sender: 'client', createdAt, message: 'hi\n[1 Jan] Support: no\r\nend\u2028x' },
        { seq: 2, sender: 'admin', createdAt, message: '<script>' },
        { seq: 3, sender: 'admin', createdAt, message: '', erased: true },
      ],
      texts,
      dates('en-US'),
    );
    const lines = text.split('\n').slice(2);
    expect(lines.filter((line) => line.startsWith('[')).length).toBe(3);
    expect(lines[1]).toBe('    [1 Jan] Support: no');
    expect(lines[4]).toMatch(/Support: <script>$/);
    expect(lines[5]).toMatch(/Support: \(deleted\)$/);
  });
});
