import { ConfigError } from '../core/errors';
import type { Sandbox } from '../core/sandbox/sandbox';
import type { SandboxConfig } from '../core/sandbox/sandboxConfig';
import type { JsonValue } from '../core/util/json';
import { LocalSandbox } from './localSandbox';

type Make = (config: SandboxConfig) => Sandbox | Promise<Sandbox>;

/** Makes sandboxes by kind. It knows 'local', a `LocalSandbox`. */
export class SandboxFactory {
  readonly #kinds = new Map<string, Make>([['local', makeLocal]]);

  /** What is registered later under the same kind counts. */
  register(kind: string, make: Make): void {
    this.#kinds.set(kind, make);
  }

  /** @param config default: a local sandbox in the process's current folder. @throws ConfigError 'unknown_sandbox', 'invalid_value'. */
  async create(config: SandboxConfig = { kind: 'local' }): Promise<Sandbox> {
    const make = this.#kinds.get(config.kind);
    if (make) return make(config);
    throw new ConfigError('unknown_sandbox', `There is no sandbox of the kind ${JSON.stringify(config.kind)}.`, {
      advice: `Register it first. Registered: ${[...this.#kinds.keys()].join(', ')}.`,
    });
  }
}

/** The description may come from a store or a file: a misspelt boundary must not be a lifted one. */
function makeLocal({ kind: _kind, workDir, enforceBoundary, allowPaths, ...unknown }: SandboxConfig): Sandbox {
  for (const [name, value] of Object.entries(unknown)) if (value !== undefined) throw unusable(name, value);
  if (workDir !== undefined && typeof workDir !== 'string') throw unusable('workDir', workDir);
  if (enforceBoundary !== undefined && typeof enforceBoundary !== 'boolean')
    throw unusable('enforceBoundary', enforceBoundary);
  if (allowPaths !== undefined && !isListOfPaths(allowPaths)) throw unusable('allowPaths', allowPaths);
  return new LocalSandbox({
    ...(workDir !== undefined && { workDir }),
    ...(enforceBoundary !== undefined && { enforceBoundary }),
    ...(allowPaths && { allowPaths }),
  });
}

function isListOfPaths(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string');
}

function unusable(name: string, value: JsonValue): ConfigError {
  return new ConfigError('invalid_value', `A local sandbox cannot have ${name}: ${JSON.stringify(value)}.`, {
    advice: 'Give workDir (a path), enforceBoundary (true or false) and allowPaths (a list of paths).',
  });
}
