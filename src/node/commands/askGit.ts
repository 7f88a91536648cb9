import { execFile } from 'node:child_process';
import { harmlessEnvironment } from './harmlessEnvironment';

type Variables = Readonly<Record<string, string | undefined>>;

export interface AskGitOptions {
  /** Real: inside of a repository that was found harmless. */
  readonly folder: string;
  /** Those that commands get. */
  readonly variables: Variables;
  /** Real folders of the workspace: no program in them is taken for git. */
  readonly roots: readonly string[];
  /** Default: nothing. */
  readonly input?: string;
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 5_000;
const maxBytes = 4_000_000;

/** What git prints, run with the harmless environment. Undefined where it fails or is not there. */
export async function askGit(
  words: readonly string[],
  { folder, variables, roots, input = '', timeoutMs = defaultTimeoutMs }: AskGitOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const env = await harmlessEnvironment(variables, roots, '/dev/null');
  const output = await new Promise<string | undefined>((resolve) => {
    const options = { cwd: folder, env, signal, timeout: timeoutMs, maxBuffer: maxBytes };
    const child = execFile('git', words, options, (error, stdout) => resolve(error ? undefined : stdout));
    // It may have ended before it read everything: its exit says so.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
  signal.throwIfAborted();
  return output;
}

/** Since then git takes settings out of its environment: older ones would obey the repository alone. */
const neededVersion = [2, 31] as const;
const versions = new Map<string, Promise<boolean>>();

/** Whether git is there and obeys the harmless environment. Asked once for each PATH. */
export async function gitObeysEnvironment(options: Pick<AskGitOptions, 'variables' | 'roots'>): Promise<boolean> {
  const key = `${options.variables['PATH'] ?? ''}\n${options.roots.join('\n')}`;
  const asked = versions.get(key) ?? isNewEnough(options);
  versions.set(key, asked);
  const obeys = await asked;
  // It may have been too slow, or is installed later.
  if (!obeys) versions.delete(key);
  return obeys;
}

async function isNewEnough(options: Pick<AskGitOptions, 'variables' | 'roots'>): Promise<boolean> {
  // Others wait for the same answer: no signal of one of them ends it, its time does.
  const said = await askGit(['--version'], { ...options, folder: '/' }, new AbortController().signal);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said ?? '') ?? [];
  return Number(major) > neededVersion[0] || (Number(major) === neededVersion[0] && Number(minor) >= neededVersion[1]);
}
