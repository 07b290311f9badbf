// The agents' console: where it starts.
import { render } from 'preact';

const app = document.getElementById('app');
if (app) render(<h1>livechat console</h1>, app);
