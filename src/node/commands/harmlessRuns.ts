import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { guardedNames } from '../../core/sandbox/protectedPaths';
import { harmlessEnvironment } from './harmlessEnvironment';

type Variables = Readonly<Record<string, string | undefined>>;

/** What harmless commands need beside them: a file for git that names the secrets. Made at the first use, deleted at the end. */
export class HarmlessRuns {
  #folder: Promise<string> | undefined;

  async environment(variables: Variables, roots: readonly string[]): Promise<Variables> {
    this.#folder ??= makeFolder().catch((error: unknown) => {
      this.#folder = undefined;
      throw error;
    });
    return harmlessEnvironment(variables, roots, path.join(await this.#folder, attributesName));
  }

  async dispose(): Promise<void> {
    const folder = await this.#folder;
    this.#folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

const attributesName = 'gitattributes';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-git-'));
  await writeFile(path.join(folder, attributesName), secretAttributes(), { mode: 0o600 });
  return folder;
}

/** Names that other names resemble are let through last: the later line wins. */
export function secretAttributes(): string {
  const { folders, files, patterns, except } = guardedNames('secret');
  const anywhere = (name: string): string => anyCase(name.includes('/') ? `**/${name}` : name);
  return [
    ...folders.map((folder) => `${anyCase(`**/${folder}/**`)} -diff`),
    ...[...files, ...patterns].map((file) => `${anywhere(file)} -diff`),
    ...except.map((file) => `${anywhere(file)} !diff`),
    '',
  ].join('\n');
}

const anyCase = (pattern: string): string =>
  pattern.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
