// What an agent has chosen for this browser.
import { browserStore } from '../client';
import type { Order } from './model/sessions';
import { Signal } from './signal';

export type Theme = 'system' | 'light' | 'dark';

export interface Choices {
  theme: Theme;
  sound: boolean;
  notifications: boolean;
  /** Single letters as shortcuts, outside of text fields. */
  shortcuts: boolean;
  details: boolean;
  away: boolean;
  order: Order;
}

const defaults: Choices = { theme: 'system', sound: true, notifications: false, shortcuts: true, details: true, away: false, order: 'newest' };

export class Preferences {
  readonly signal = new Signal();
  private readonly store = browserStore('livechat-console:');
  private chosen: Choices;

  constructor() {
    this.chosen = { ...defaults, ...this.store.get<Partial<Choices>>('choices') };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', () => this.applyTheme());
    this.applyTheme();
  }

  get current(): Choices {
    return this.chosen;
  }

  choose(choices: Partial<Choices>): void {
    this.chosen = { ...this.chosen, ...choices };
    this.store.set('choices', this.chosen);
    this.applyTheme();
    this.signal.bumpNow();
  }

  private applyTheme(): void {
    const { theme } = this.chosen;
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    document.documentElement.dataset['theme'] = theme === 'system' ? system : theme;
  }
}
