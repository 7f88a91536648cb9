import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { states } from './states';
import { applyTheme } from './themes';

/** The look page's side of the panel: answers `ready` with the state that the address names, and keeps what was posted. */
declare global {
  interface Window {
    posted: Op[];
    deliver: (message: HostMessage) => void;
    acquireVsCodeApi: () => unknown;
    pwned?: unknown;
    violations: string[];
  }
}

const query = new URLSearchParams(location.search);
const state = states[query.get('state') ?? 'firstRun'];
applyTheme(query.get('theme') ?? 'dark');
window.posted = [];
window.violations = [];
window.deliver = (message) => window.postMessage(message, '*');
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});

window.acquireVsCodeApi = () => ({
  postMessage(op: Op) {
    window.posted.push(op);
    if (op.type === 'ready' && state) window.deliver(state());
  },
  getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null'),
  setState: (kept: unknown) => sessionStorage.setItem('kept', JSON.stringify(kept)),
});
