import type { ModelErrorCode } from '../../core/model/provider';
import type { VendorKind } from '../../core/protocol/models';
import { assertNever } from '../../core/util/assertNever';
import { isLoopback } from './connection';

/** Whom a call goes to, as far as messages need it. */
export interface Endpoint {
  readonly label: string;
  /** Of a server of one's own, 'local' or 'custom', the label is no name. Default 'cloud'. */
  readonly kind?: VendorKind;
  readonly model: string;
  readonly baseUrl: string;
  /** Never to be seen in a message. */
  readonly secrets: readonly string[];
}

/** What tells failures of one code apart. */
export interface AdviceClues {
  /** The operating system's name for a failed connection. */
  readonly networkCode?: string | undefined;
  /** Of HTTP. */
  readonly status?: number | undefined;
}

/** What the reader can do next. */
export function adviceFor(code: ModelErrorCode, endpoint: Endpoint, clues: AdviceClues = {}): string {
  const { label, model, kind = 'cloud' } = endpoint;
  const moreAt = kind === 'cloud' ? `the status page of ${label}` : "the server's own log";
  switch (code) {
    case 'authentication':
      return `Check the key, and that it may use ${model}. In VS Code it is set with the command "Countersign: Set API Key".`;
    case 'quota_exceeded':
      return `Add credit or raise the limit ${kind === 'cloud' ? `in your account at ${label}` : 'at the endpoint'}, or choose another model.`;
    case 'model_not_found':
      return `Check the name "${model}" and the address (in VS Code: the command "Countersign: Choose Model", the setting \`countersign.endpoints\`).`;
    case 'context_length':
      return 'Compact the conversation, start a new session, or choose a model with a larger window.';
    case 'rate_limit':
      return 'Wait a moment and send the message again, or choose another model.';
    case 'invalid_request':
      if (clues.status === 413)
        return 'Something attached is too large for the vendor or for a proxy in between: start a new session with a smaller attachment.';
      return `Choose another model if ${model} cannot do what was asked; otherwise look into the log (in VS Code: "Countersign: Choose Model", "Countersign: Show Log").`;
    case 'content_filter':
      return 'Say it in other words, or choose another model.';
    case 'timeout':
      return isLocal(endpoint)
        ? 'Try again once the model is loaded, or choose a smaller one.'
        : `Try again. If it stays, check the connection; ${moreAt} may say more.`;
    case 'service_unavailable':
      return `Try again in a few minutes, or choose another model; ${moreAt} may say more.`;
    case 'stream_cut':
      return 'Send the message again. If it happens often, check the connection or choose another model.';
    case 'invalid_response':
      return 'Check the address (in VS Code: the setting `countersign.endpoints`); it usually ends with /v1. A proxy or a sign-in page in between may answer in place of the model.';
    case 'network':
      return adviceForNetwork(endpoint, clues);
    default:
      return assertNever(code);
  }
}

function adviceForNetwork(endpoint: Endpoint, { networkCode, status }: AdviceClues): string {
  if (status === 407)
    return 'The proxy on the way wants to know who asks: set its address with user name and password in the setting `http.proxy` or in HTTPS_PROXY.';
  if (networkCode !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(networkCode))
    return 'A proxy or the endpoint shows a certificate that this machine does not trust; add it to the system or set NODE_EXTRA_CA_CERTS.';
  if (isLocal(endpoint))
    return `Start ${endpoint.kind === 'custom' ? 'the server' : endpoint.label}, and check the port (in VS Code: the setting \`countersign.endpoints\`).`;
  return 'Check the network, the proxy settings and the address (in VS Code: the setting `countersign.endpoints`), then try again.';
}

/** Whether it is a server on this machine. */
export function isLocal(endpoint: Endpoint): boolean {
  return isLoopback(new URL(endpoint.baseUrl).hostname);
}
