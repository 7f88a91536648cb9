import { render } from 'preact';
import { App } from './App';
import { connectHost } from './host';
import { createPanel } from './models/panel';
import './styles/theme.css';
import './styles/header.css';
import './styles/welcome.css';
import './styles/transcript.css';
import './styles/messages.css';
import './styles/toolCalls.css';
import './styles/approvals.css';
import './styles/markdown.css';
import './styles/composer.css';
import { registerToolkit } from './ui/toolkit';

registerToolkit();
const panel = createPanel(connectHost(), (callback) => void requestAnimationFrame(callback));
const root = document.getElementById('root') ?? document.body;
render(<App panel={panel} />, root);
