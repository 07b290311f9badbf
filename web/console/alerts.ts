// What draws an agent's attention: a sound, a desktop notification, the number in the title.
import { browserStore, type Store } from '../client';
import { cut } from '../views/cut';
import type { SessionRow } from './model/types';
import { texts } from './text/texts';
import { titleOf } from './text/visitor';

const soundPause = 1_500;
const soundPatience = 1_000;
const mostText = 160;
const mostAtOnce = 5;

export class Alerts {
  private audio: AudioContext | undefined;
  private lastSound = 0;

  constructor(private readonly store: Store = browserStore('livechat-console:')) {
    // Some browsers let a page sound only what was begun in a click or with a key.
    const unlock = (): void => {
      removeEventListener('pointerdown', unlock, true);
      removeEventListener('keydown', unlock, true);
      void this.wake();
    };
    addEventListener('pointerdown', unlock, true);
    addEventListener('keydown', unlock, true);
  }

  /** Two soft notes, unless there was a sound just now. Before the first click browsers do not allow any. */
  play(): void {
    const now = Date.now();
    if (now - this.lastSound < soundPause) return;
    this.lastSound = now;
    void this.wake().then((audio) => {
      // Not when it was allowed long after.
      if (audio && Date.now() - now < soundPatience) void this.alone(() => ring(audio));
    });
  }

  /** One for each conversation: a later one takes the earlier one's place. */
  notify(sessions: readonly SessionRow[], open: (clientId: string) => void): void {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    for (const session of sessions.slice(0, mostAtOnce)) {
      try {
        show(session, open);
      } catch {
        return; // Chrome on Android has the name and refuses to make one.
      }
    }
  }

  /** Whether notifications may be shown; asks if that was never asked. */
  async allowNotifications(): Promise<boolean> {
    if (!('Notification' in window)) return false;
    if (Notification.permission === 'default') await Notification.requestPermission();
    return Notification.permission === 'granted';
  }

  title(unread: number): void {
    const title = texts.title(unread);
    if (document.title !== title) document.title = title;
  }

  // Of all tabs that hear the same one rings: all of them share the browser's locks, and the time of the last sound
  // where pages have no locks (without https).
  private async alone(action: () => void): Promise<void> {
    const locks = (navigator as Partial<Navigator>).locks;
    const inTurn = (): void => {
      const since = Date.now() - (this.store.get<number>('rang') ?? 0);
      if (since >= 0 && since < soundPause) return;
      this.store.set('rang', Date.now());
      action();
    };
    if (locks) await locks.request('livechat-console:ring', inTurn);
    else inTurn();
  }

  // The audio once it runs; undefined where there is none.
  private async wake(): Promise<AudioContext | undefined> {
    try {
      this.audio ??= new AudioContext();
      if (this.audio.state !== 'running') await this.audio.resume();
      return this.audio;
    } catch {
      return undefined;
    }
  }
}

function ring(audio: AudioContext): void {
  [659.25, 880].forEach((frequency, i) => {
    const start = audio.currentTime + i * 0.13;
    const volume = audio.createGain();
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
    volume.connect(audio.destination);
    const note = audio.createOscillator();
    note.type = 'sine';
    note.frequency.value = frequency;
    note.connect(volume);
    note.start(start);
    note.stop(start + 0.4);
  });
}

function show(session: SessionRow, open: (clientId: string) => void): void {
  const { clientId, lastMessage } = session;
  const text = lastMessage?.message ?? '';
  const notification = new Notification(cut(titleOf(clientId, session), mostText), {
    body: text.length > mostText ? `${cut(text, mostText)}…` : text,
    tag: `livechat:${clientId}`,
  });
  notification.onclick = () => {
    window.focus();
    notification.close();
    open(clientId);
  };
}
