import * as vscode from 'vscode';
import { redact } from '../core/debug/redact';
import { AgentError } from '../core/errors';
import type { Disposable } from '../core/util/disposables';

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
