// What an agent chooses for this browser.
import type { JSX } from 'preact';

import type { Console } from '../console';
import type { Theme } from '../preferences';
import { useSignal } from '../signal';
import { texts } from '../text/texts';
import { Dialog } from './dialog';

const words = texts.settings;
const themes: readonly Theme[] = ['system', 'light', 'dark'];

export function Settings({ app }: { app: Console }): JSX.Element {
  useSignal(app.preferences.signal);
  const choices = app.preferences.current;
  return (
    <Dialog app={app} title={words.title}>
      <div class="settings">
        <Switch label={words.sound} on={choices.sound} onChange={(on) => app.setSound(on)} />
        <Switch label={words.notifications} on={choices.notifications} onChange={(on) => void app.setNotifications(on)} />
        <Switch label={words.letters} on={choices.shortcuts} onChange={(shortcuts) => app.preferences.choose({ shortcuts })} />
        <fieldset class="themes">
          <legend>{words.colours}</legend>
          {themes.map((theme) => (
            <label key={theme} class="theme">
              <input type="radio" name="theme" checked={choices.theme === theme} onChange={() => app.preferences.choose({ theme })} />
              {words.themes[theme]}
            </label>
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}

function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return (
    <label class="switch">
      <span>{label}</span>
      <input type="checkbox" role="switch" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}
