import * as vscode from 'vscode';
import { AgentError } from '../core/errors';
import type { Disposable } from '../core/util/disposables';

/** Keys and tokens by their usual shapes: what looks like one never reaches the log. */
const secretShapes = [
  /\b(?:sk|pk|rk|xai|gsk|AIza|ghp|gho|ghs|glpat|xox[abp])[-_A-Za-z0-9]{16,}/g,
  /\b(Bearer\s+)[\w.~+/=-]{12,}/gi,
  /((?:api[-_]?key|token|secret|password|authorization)["']?\s*[:=]\s*["']?)[^\s"',}]{6,}/gi,
];

export function redact(text: string): string {
  return secretShapes.reduce(
    (clean, shape) =>
      clean.replace(shape, (_all, kept?: unknown) => `${typeof kept === 'string' ? kept : ''}[redacted]`),
    text,
  );
}

/** The output channel "Countersign". */
export interface Log extends Disposable {
  info(message: string): void;
  warn(message: string): void;
  /** The failure with its causes, for whoever reads the log. */
  error(what: string, error: unknown): void;
  show(): void;
}

export function openLog(): Log {
  const channel = vscode.window.createOutputChannel('Countersign', { log: true });
  return {
    info: (message) => channel.info(redact(message)),
    warn: (message) => channel.warn(redact(message)),
    error: (what, error) => channel.error(redact(`${what}: ${explain(error)}`)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = error instanceof AgentError ? ` [${error.code}]` : '';
  const cause = error.cause === undefined ? '' : `\n  caused by ${explain(error.cause)}`;
  return `${error.message}${code}${cause}${error instanceof AgentError ? '' : `\n${error.stack ?? ''}`}`;
}
