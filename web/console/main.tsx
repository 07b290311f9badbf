// The agents' console: where it starts.
import { render } from 'preact';

import { Console } from './console';
import './styles/base.css';
import './styles/frame.css';
import './styles/list.css';
import './styles/conversation.css';
import './styles/details.css';
import './styles/dialogs.css';
import { Shell } from './views/shell';

const place = document.getElementById('app');
if (place) {
  const app = new Console();
  render(<Shell app={app} />, place);
  void app.start();
}
