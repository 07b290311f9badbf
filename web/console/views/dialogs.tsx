// Which dialog is open.
import type { JSX } from 'preact';

import type { Console } from '../console';
import { Account } from './account';
import { BanDialog, BanList } from './bans';
import { Settings } from './settings';
import { ShortcutSheet } from './shortcut_sheet';

export function Dialogs({ app }: { app: Console }): JSX.Element | null {
  switch (app.dialog) {
    case 'shortcuts':
      return <ShortcutSheet app={app} />;
    case 'settings':
      return <Settings app={app} />;
    case 'account':
      return <Account app={app} />;
    case 'ban':
      return <BanDialog app={app} />;
    case 'bans':
      return <BanList app={app} />;
    default:
      return null;
  }
}
