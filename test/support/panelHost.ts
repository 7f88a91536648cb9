import { strict as assert } from 'node:assert';
import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { parseOp } from '../../src/core/protocol/parse';
import type { AppView, SessionView } from '../../src/core/protocol/view';
import type { Host } from '../../src/webview/host';
import { parseKeptState } from '../../src/webview/models/keptState';
import { createPanel } from '../../src/webview/models/panel';
import { agentId, type SessionScript } from '../look/sessionScript';

export const sessionId = agentId('agt-first');
export const other = agentId('agt-second');

export const app: AppView = {
  ...{ sessions: [], activeSessionId: sessionId, model: { vendor: 'Acme', model: 'acme-1', demo: false } },
  ...{ workspace: { folders: ['shop'], trusted: true }, instructions: [], demoWorkspace: false },
  ...{ mode: 'ask', pending: [] },
};

/** A host on a string: keeps what is posted, and draws a frame when told to. */
export function connect(kept?: unknown) {
  const posted: Op[] = [];
  const frames: (() => void)[] = [];
  let listener: (message: HostMessage) => void = () => undefined;
  let keptNow = JSON.stringify(kept ?? null);
  const host: Host = {
    post(op) {
      assert.ok(parseOp(op).ok, JSON.stringify(op));
      posted.push(op);
    },
    onMessage: (onMessage) => (listener = onMessage),
    readKept: () => parseKeptState(JSON.parse(keptNow)),
    keep: (state) => (keptNow = JSON.stringify(state)),
  };
  const panel = createPanel(host, (callback) => frames.push(callback));
  return {
    ...{ panel, posted },
    kept: () => parseKeptState(JSON.parse(keptNow)),
    deliver: (message: HostMessage) => listener(message),
    snapshot: (session?: SessionView) =>
      listener({
        ...{ type: 'snapshot', app: { ...app, activeSessionId: session?.sessionId ?? sessionId } },
        ...(session && { session }),
      }),
    /** Writes and sends a text; the id under which the host would refuse it. */
    send: (text: string): string => {
      panel.setDraft(text);
      panel.send();
      const op = posted.at(-1);
      return op?.type === 'turn.start' ? (op.sendId ?? '') : '';
    },
    fail: (sendId?: string) =>
      listener({ type: 'problem', message: 'It failed.', advice: 'Try again.', ...(sendId && { sendId }) }),
    events: (script: SessionScript, batch: number, id = sessionId) =>
      listener({ type: 'events', sessionId: id, batch, envelopes: script.takeEnvelopes() }),
    /** One frame, and what the components queue with it. */
    frame: async () => {
      for (const callback of frames.splice(0)) callback();
      await Promise.resolve();
    },
  };
}

/** A session whose events so far are in the snapshot. */
export function shown(script: SessionScript, kept?: unknown) {
  const connection = connect(kept);
  script.takeEnvelopes();
  connection.snapshot(script.view);
  return connection;
}
