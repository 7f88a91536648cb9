import type * as vscode from 'vscode';
import { ConfigError } from '../../core/errors';
import { Patience } from '../../core/util/patience';

export type Secrets = Pick<vscode.SecretStorage, 'keys' | 'get' | 'store' | 'delete'>;

export interface SecretLimits {
  readonly readMs: number;
  /** The system may ask for a password first. */
  readonly writeMs: number;
}

/** Secrets that are given up when the system's key ring does not answer. @throws ConfigError 'invalid_value' then. */
export function patientSecrets(
  secrets: Secrets,
  { readMs, writeMs }: SecretLimits = { readMs: 8_000, writeMs: 60_000 },
): Secrets {
  return {
    keys: () => inTime(secrets.keys(), readMs),
    get: (name) => inTime(secrets.get(name), readMs),
    store: (name, value) => inTime(secrets.store(name, value), writeMs),
    delete: (name) => inTime(secrets.delete(name), writeMs),
  };
}

async function inTime<T>(work: Thenable<T>, limitMs: number): Promise<T> {
  const patience = new Patience(tooLate, new AbortController().signal);
  try {
    return await patience.wait(Promise.resolve(work), limitMs);
  } finally {
    patience.dispose();
  }
}

function tooLate(limitMs: number): Error {
  return new ConfigError('invalid_value', `The key ring did not answer in ${limitMs / 1000} seconds.`, {
    advice:
      "Unlock your system's key ring, where VS Code keeps secrets, then try again; if that does not help, restart VS Code.",
  });
}
