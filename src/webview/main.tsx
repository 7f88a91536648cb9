import { render } from 'preact';
import { App } from './App';
import { connectHost } from './host';
import { createPanel } from './models/panel';
import './theme.css';
import './cards/cards.css';
import './markdown/markdown.css';
import { registerToolkit } from './ui/toolkit';

registerToolkit();
const panel = createPanel(connectHost(), (callback) => void requestAnimationFrame(callback));
const root = document.getElementById('root') ?? document.body;
render(<App panel={panel} />, root);
