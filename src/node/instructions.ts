import type { InstructionFile } from '../core/agent/prompt';
import { AgentError } from '../core/errors';
import type { Sandbox, WorkspaceRoot } from '../core/sandbox/sandbox';

const maxCharacters = 32_000;

/** AGENTS.md first; the others only where a root has none. */
const fallbacks = ['CLAUDE.md', '.github/copilot-instructions.md'];

/**
 * The project's instruction files, from far to near: each root's own, then those in the folders down to `activeFile`. They
 * are read through the sandbox, so that no link leads to a file outside the workspace.
 * @param activeFile a path for people, as the sandbox's `display` gives it.
 */
export async function readInstructions(
  sandbox: Sandbox,
  activeFile: string | undefined,
  signal: AbortSignal,
): Promise<readonly InstructionFile[]> {
  const several = sandbox.roots.length > 1;
  const perRoot = await Promise.all(
    sandbox.roots.map((root) =>
      readRoot(sandbox, several ? `${root.name}/` : '', foldersTo(root, several, activeFile), signal),
    ),
  );
  return perRoot.flat();
}

async function readRoot(
  sandbox: Sandbox,
  prefix: string,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<readonly InstructionFile[]> {
  const nearest = await Promise.all(folders.map((folder) => readOne(sandbox, `${prefix}${folder}AGENTS.md`, signal)));
  const found = nearest.filter((file) => file !== undefined);
  if (found.length > 0) return found;
  for (const name of fallbacks) {
    const file = await readOne(sandbox, prefix + name, signal);
    if (file) return [file];
  }
  return [];
}

/** '' for the root, then each folder on the way to the file, with a slash at the end. */
function foldersTo(root: WorkspaceRoot, several: boolean, activeFile: string | undefined): readonly string[] {
  if (activeFile === undefined) return [''];
  const parts = activeFile.split('/');
  if (several && parts.shift() !== root.name) return [''];
  const folders = parts.slice(0, -1);
  return ['', ...folders.map((_folder, index) => `${folders.slice(0, index + 1).join('/')}/`)];
}

async function readOne(sandbox: Sandbox, path: string, signal: AbortSignal): Promise<InstructionFile | undefined> {
  try {
    const resolved = await sandbox.files.resolve(path, signal);
    // A repository can name a link like this and let it lead to its .env.
    if (!resolved.exists || resolved.guarded?.kind === 'secret') return undefined;
    const { text } = await sandbox.files.readText(resolved.path, signal);
    return { source: resolved.display, text: text.slice(0, maxCharacters), truncated: text.length > maxCharacters };
  } catch (error) {
    // A file that may not or cannot be read gives no instructions; whatever else went wrong is not ours to hide.
    if (error instanceof AgentError) return undefined;
    throw error;
  }
}
