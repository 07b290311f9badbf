// Times as agents read them, in their own language and time zone.
import { texts } from './texts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "< 1 min", "4 min", "2 h", "3 d": how long something has lasted. */
export function duration(milliseconds: number): string {
  if (milliseconds < minute) return texts.time.lessThanMinute;
  if (milliseconds < hour) return texts.time.minutes(Math.floor(milliseconds / minute));
  if (milliseconds < 2 * day) return texts.time.hours(Math.floor(milliseconds / hour));
  return texts.time.days(Math.floor(milliseconds / day));
}

const formats = {
  clock: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
  shortDay: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }),
  longDay: new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  full: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }),
};

export const clock = (time: string | number): string => formats.clock.format(new Date(time));
export const full = (time: string | number): string => formats.full.format(new Date(time));

/** The clock for today, "Yesterday", or the day. */
export function brief(time: string, now: number): string {
  const days = daysBetween(new Date(time), new Date(now));
  if (days === 0) return clock(time);
  return days === 1 ? texts.time.yesterday : formats.shortDay.format(new Date(time));
}

/** "Today", "Yesterday", "Monday, 10 March 2025". */
export function dayName(time: string | number, now: number): string {
  const days = daysBetween(new Date(time), new Date(now));
  if (days === 0) return texts.time.today;
  return days === 1 ? texts.time.yesterday : formats.longDay.format(new Date(time));
}

export function sameDay(one: string | number, other: string | number): boolean {
  return daysBetween(new Date(one), new Date(other)) === 0;
}

function daysBetween(one: Date, other: Date): number {
  return Math.round((midnight(other) - midnight(one)) / day);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** What the visitor's clock shows; undefined for an unknown time zone. */
export function localTime(timezone: string | undefined, now: number): string | undefined {
  if (!timezone) return undefined;
  try {
    return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', weekday: 'short', timeZone: timezone }).format(now);
  } catch {
    return undefined;
  }
}
