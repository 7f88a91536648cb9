import type { HostMessage, Op } from '../core/protocol/ops';
import { parseHostMessage } from '../core/protocol/parse';
import { parseKeptState, type KeptState } from './models/keptState';

/** The other side of the panel: the extension, or a script in the look page. */
export interface Host {
  readonly post: (op: Op) => void;
  /** Calls `listener` with each valid message; what is not one of ours is reported to the console and dropped. */
  readonly onMessage: (listener: (message: HostMessage) => void) => void;
  readonly readKept: () => KeptState;
  readonly keep: (state: KeptState) => void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The host of a real panel. VS Code allows this once in the life of a page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (op) => api.postMessage(op),
    onMessage(listener) {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        // The editor posts from the webview's own origin; anyone else has no say here.
        if (event.origin !== window.origin) return;
        const parsed = parseHostMessage(event.data);
        if (parsed.ok) listener(parsed.value);
        else console.warn(`Countersign ignored a message that is not the host's: ${parsed.problem}`);
      });
    },
    readKept: () => parseKeptState(api.getState()),
    keep: (state) => api.setState(state),
  };
}
