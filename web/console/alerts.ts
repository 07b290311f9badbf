// What draws an agent's attention: a sound, a desktop notification, the number in the title.

const soundPause = 1_500;
const mostText = 160;

export class Alerts {
  private audio: AudioContext | undefined;
  private lastSound = 0;

  /** Two soft notes; browsers allow it once something was clicked. */
  play(now = Date.now()): void {
    if (now - this.lastSound < soundPause) return;
    this.lastSound = now;
    this.audio ??= new AudioContext();
    const { audio } = this;
    if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
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

  /** One for each conversation: a later one takes the earlier one's place. */
  notify(clientId: string, title: string, text: string, open: () => void): void {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const notification = new Notification(title.slice(0, mostText), {
      body: text.length > mostText ? `${text.slice(0, mostText)}…` : text,
      tag: `livechat:${clientId}`,
    });
    notification.onclick = () => {
      window.focus();
      notification.close();
      open();
    };
  }

  /** Whether notifications may be shown; asks if nobody has been asked. */
  async allowNotifications(): Promise<boolean> {
    if (!('Notification' in window)) return false;
    if (Notification.permission === 'default') await Notification.requestPermission();
    return Notification.permission === 'granted';
  }

  title(unread: number): void {
    const title = unread > 0 ? `(${unread}) livechat console` : 'livechat console';
    if (document.title !== title) document.title = title;
  }
}
