import * as path from 'node:path';
import { isAgentError, SandboxError, ToolError } from '../../core/errors';
import type { ResolvedPath, SandboxFiles } from '../../core/sandbox/sandbox';
import { isSkillName, type RefusedSkill, type SkillContent, type SkillList } from '../../core/skills/skill';
import { readSkillHead } from '../../core/skills/skillHead';
import { SkillSource } from '../../core/skills/skillSource';
import { dataLine } from '../../core/util/dataLine';
import { sha256 } from '../../core/util/sha256';
import { LocalFiles } from '../localFiles';
import { PathBox } from '../pathBox';
import { decodeText } from '../textEncoding';

const maxSkillBytes = 64 * 1024;
const maxFolders = 500;
const maxFiles = 200;
const maxDepth = 4;

/** What a `SkillsManager` takes for granted. */
export interface SkillsManagerOptions {
  /** SHA-256 of each SKILL.md, in hexadecimal digits, that is loaded without asking: of skills that come with your program. */
  readonly trustedSha256?: readonly string[];
}

/**
 * Skills in folders: `<dir>/<name>/SKILL.md` with a name and a description in its YAML head, and whatever files it needs beside it.
 * Nothing is read through a symbolic link, and nothing outside of the folder. No file is touched until it is used.
 */
export class SkillsManager extends SkillSource {
  readonly #dir: string | undefined;
  readonly #allowed: readonly string[];
  readonly #trusted: ReadonlySet<string>;

  /**
   * @param dir default: `$SKILLS_DIR`, else `.skills` in the current folder (which must not be a link out of that)
   * @param allowed names of the skills that there are; `['*']`, the default: all of them; an empty list or `['/*\/']`: none
   */
  constructor(dir?: string, allowed: readonly string[] = ['*'], { trustedSha256 = [] }: SkillsManagerOptions = {}) {
    super();
    this.#dir = dir ?? process.env['SKILLS_DIR'];
    this.#allowed = allowed;
    this.#trusted = new Set(trustedSha256.map((hash) => hash.toLowerCase()));
  }

  override isTrusted(skill: SkillContent): boolean {
    return this.#trusted.has(skill.sha256);
  }

  async list(signal: AbortSignal = new AbortController().signal): Promise<SkillList> {
    const files = await this.#open(signal);
    if (!files) return { skills: [], refused: [] };
    const folder = await files.resolve('.', signal);
    const names = (await files.list(folder.path, signal)).filter(({ kind }) => kind !== 'file');
    const looked = await Promise.all(
      names
        .filter(({ name }) => !name.startsWith('.') && this.#allows(name))
        .slice(0, maxFolders)
        .map(async ({ name, kind }) => (kind === 'directory' ? readSkill(files, name, signal) : refusal(name, isLink))),
    );
    const found = looked.filter((one) => one !== undefined);
    return {
      skills: found.flatMap((one) => ('metadata' in one ? [one.metadata] : [])),
      refused: found.flatMap((one) => ('reason' in one ? [one] : [])),
    };
  }

  async loadSkillContent(
    name: string,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<SkillContent | undefined> {
    if (!isSkillName(name) || !this.#allows(name)) return undefined;
    const files = await this.#open(signal);
    const skill = files && (await readSkill(files, name, signal));
    if (!files || !skill || !('metadata' in skill)) return undefined;
    return { ...skill, files: await filesOf(files, name, signal) };
  }

  #allows(name: string): boolean {
    return this.#allowed.includes('*') || this.#allowed.includes(name);
  }

  /** The skills' own box, on the folder where it is now; undefined: there is no such folder. */
  async #open(signal: AbortSignal): Promise<SandboxFiles | undefined> {
    const dir = this.#dir === undefined ? await ownFolder(signal) : path.resolve(this.#dir);
    if (dir === undefined) return undefined;
    const files = new LocalFiles(new PathBox({ roots: [{ name: 'skills', path: dir }] }));
    try {
      await files.list((await files.resolve('.', signal)).path, signal);
      return files;
    } catch (error) {
      if (isAgentError(error) && ['no_workspace', 'not_found', 'not_a_file'].includes(error.code)) return undefined;
      throw error;
    }
  }
}

const isLink = 'It is a symbolic link.';
const refusal = (name: string, reason: string): RefusedSkill => ({ name: dataLine(name, 80), reason });

/** `.skills` here: a repository can make it a link that leads anywhere. */
async function ownFolder(signal: AbortSignal): Promise<string | undefined> {
  const box = new PathBox({ roots: [{ name: 'here', path: process.cwd() }] });
  try {
    return (await box.resolve('.skills', signal)).path;
  } catch (error) {
    if (error instanceof SandboxError) return undefined;
    throw error;
  }
}

type ReadSkill = Omit<SkillContent, 'files'>;

/** Undefined: there is no SKILL.md, so nobody meant it to be a skill. */
async function readSkill(
  files: SandboxFiles,
  name: string,
  signal: AbortSignal,
): Promise<ReadSkill | RefusedSkill | undefined> {
  if (!isSkillName(name))
    return refusal(name, 'A name has letters from a to z, digits, hyphens and underscores, at most 64 of them.');
  try {
    const file = await files.resolve(`${name}/SKILL.md`, signal);
    if (!file.exists) return undefined;
    if (!isAt(file, `${name}/SKILL.md`)) return refusal(name, `Its SKILL.md is reached through a symbolic link.`);
    const bytes = await files.readStart(file.path, maxSkillBytes + 1, signal);
    if (bytes.length > maxSkillBytes) return refusal(name, 'Its SKILL.md is longer than 64 KB.');
    const content = decodeText(bytes, file.display).text;
    const head = readSkillHead(content, name);
    if (head.kind === 'refused') return refusal(name, head.reason);
    const metadata = { name, description: head.description, path: file.path };
    return { metadata, content, sha256: await sha256(bytes) };
  } catch (error) {
    if (error instanceof ToolError || error instanceof SandboxError) return refusal(name, error.message);
    throw error;
  }
}

/** Links inside of the folder would let one skill pass for another. */
const isAt = ({ display }: ResolvedPath, place: string): boolean => display === place;

async function filesOf(files: SandboxFiles, skill: string, signal: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const { path: real } = await files.resolve(folder, signal);
    for (const { name, kind } of await files.list(real, signal)) {
      const below = `${folder}/${name}`;
      // A name that is not plain text is no name that a skill sends anybody to.
      if (found.length >= maxFiles || name !== dataLine(name, 200)) continue;
      if (kind === 'directory' && depth < maxDepth) await walk(below, depth + 1);
      else if (kind === 'file' && below !== `${skill}/SKILL.md`) found.push(below.slice(skill.length + 1));
    }
  };
  await walk(skill, 0);
  return found.sort();
}
