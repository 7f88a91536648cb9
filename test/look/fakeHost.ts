import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { askerStates } from './askerStates';
import { consentStates } from './consentStates';
import { modelStates } from './modelStates';
import { modeStates } from './modeStates';
import { restoreStates } from './restoreStates';
import { sessionStates } from './sessionStates';
import { states } from './states';
import { applyTheme } from './themes';

/** The look page's side of the panel: answers `ready` with the state that the address names and searches with its rows, and keeps what was posted. */
declare global {
  interface Window {
    posted: Op[];
    /** Posts a host message, given as JSON. */
    deliverText: (message: string) => void;
    /** The last event that the state's session contains. */
    seq: () => number;
    acquireVsCodeApi: () => unknown;
    pwned?: unknown;
    violations: string[];
  }
}

const query = new URLSearchParams(location.search);
const name = query.get('state') ?? 'firstRun';
const sessionState =
  sessionStates[name] ??
  modelStates[name] ??
  consentStates[name] ??
  modeStates[name] ??
  restoreStates[name] ??
  askerStates[name];
const state = states[name] ?? sessionState?.message;
applyTheme(query.get('theme') ?? 'dark');
window.posted = [];
window.violations = [];
const deliver = (message: HostMessage): void => window.postMessage(message, '*');
window.deliverText = (text) => window.postMessage(JSON.parse(text), '*');
window.seq = () => {
  const message = state?.();
  return message?.type === 'snapshot' ? (message.session?.seq ?? 0) : 0;
};
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});

window.acquireVsCodeApi = () => ({
  postMessage(op: Op) {
    window.posted.push(op);
    if (op.type === 'ready' && state) deliver(state());
    const answer = sessionState?.answer?.(op);
    if (answer) deliver(answer);
    if (op.type === 'session.search' && sessionState?.search) deliver(sessionState.search(op.query));
  },
  getState: (): unknown => JSON.parse(sessionStorage.getItem('kept') ?? 'null'),
  setState: (kept: unknown) => sessionStorage.setItem('kept', JSON.stringify(kept)),
});
