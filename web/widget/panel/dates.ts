// Dates as the visitor's language writes them.
import { find } from '../../client/builtins';
import type { Texts } from '../contract';

export class Dates {
  private readonly time: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;
  private readonly dayOfYear: Intl.DateTimeFormat;
  private readonly full: Intl.DateTimeFormat;

  constructor(
    lang: string,
    private readonly texts: Pick<Texts, 'today' | 'yesterday'>,
    /** What the browser is set to. */
    preferred: readonly string[] = [],
    private readonly now: () => Date = () => new Date(),
  ) {
    const locale = supported(localeOf(lang, preferred));
    this.time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
    this.day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
    this.dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
    this.full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  }

  timeOf(date: Date): string {
    return this.time.format(date);
  }

  /** For a separator between days. */
  dayOf(date: Date): string {
    const now = this.now();
    const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
    if (days === 0) return this.texts.today;
    if (days === 1) return this.texts.yesterday;
    return (date.getFullYear() === now.getFullYear() ? this.day : this.dayOfYear).format(date);
  }

  fullOf(date: Date): string {
    return this.full.format(date);
  }
}

export function sameDay(one: Date, other: Date): boolean {
  return midnight(one) === midnight(other);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

// A page in "en" is read in Britain and in America: where the browser is set to the same language, it
// knows the country.
function localeOf(lang: string, preferred: readonly string[]): string {
  const language = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
  return find(preferred, (one) => lang.indexOf('-') < 0 && language(one) === language(lang)) ?? lang;
}

// A page's lang attribute may hold anything.
function supported(lang: string): string | undefined {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(lang)[0];
  } catch {
    return undefined;
  }
}
