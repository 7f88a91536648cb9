import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { ResolvedPath } from '../../core/sandbox/sandbox';
import type { Check, TreeCheck } from '../../core/shell/grammar';
import type { PathBox } from '../pathBox';
import { unlessFailing } from '../systemError';
import { gitObeysEnvironment } from './askGit';
import { problemOfAddresses } from './gitAddresses';
import { problemOfRepository } from './gitRepository';
import { problemOfRevisions } from './gitRevisions';
import { secretBelow, type WalkBudget } from './secretsBelow';
import { errorText } from '../../core/util/errorText';

/**
 * Why it does not hold, for people; undefined: it holds. @param folder where the command runs: real and inside the box.
 * @param variables that commands get.
 */
export async function problemOfCheck(
  check: Check,
  folder: string,
  box: PathBox,
  variables: Readonly<Record<string, string | undefined>>,
  budget: WalkBudget,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (check.kind) {
    case 'path':
      return problemOfRead(check.path, folder, check.notFolder === true, box, signal);
    case 'tree':
      return problemOfTree(check, folder, box, budget, signal);
    case 'git': {
      const place = await placeOf(check.folder, folder, box, signal);
      if (typeof place === 'string') return place;
      const problem = await problemOfRepository(place.path, { content: check.content, box }, signal);
      if (problem !== undefined) return problem;
      const options = { folder: place.path, variables, roots: await box.realRoots() };
      if (!(await gitObeysEnvironment(options)))
        return 'Git is not there, or older than 2.31: it would obey the settings of the repository alone.';
      return check.addresses ? problemOfAddresses(options, signal) : undefined;
    }
    case 'revisions': {
      const place = await placeOf(check.folder, folder, box, signal);
      if (typeof place === 'string') return place;
      // Git is asked only where it executes nothing. What speaks against the repository its own check says.
      if ((await problemOfRepository(place.path, { content: false, box }, signal)) !== undefined) return undefined;
      return problemOfRevisions(check, { folder: place.path, variables, roots: await box.realRoots() }, signal);
    }
    default:
      return check satisfies never;
  }
}

/** Why a redirect into this file has to be asked. `guarded`: no remembered answer should cover it. */
export async function problemOfWrite(
  target: string,
  folder: string,
  box: PathBox,
  signal: AbortSignal,
): Promise<{ readonly reason: string; readonly guarded: boolean }> {
  const place = await placeOf(target, folder, box, signal);
  if (typeof place === 'string') return { reason: `It writes to ${JSON.stringify(target)}. ${place}`, guarded: true };
  const { display, guarded } = place;
  const why = guarded ? ` ${guarded.reason}` : '';
  return { reason: `It writes to ${JSON.stringify(display)}.${why}`, guarded: guarded !== undefined };
}

/**
 * Where a path of a command leads. A `..` behind a name is not followed: the system would go through links that a
 * look at the text does not see.
 */
async function placeOf(
  operand: string,
  folder: string,
  box: PathBox,
  signal: AbortSignal,
): Promise<ResolvedPath | string> {
  if (operand === '') return 'An empty path leads nowhere.';
  if (/[^./][^/]*\/+(?:\.\/+)*\.\.(?:\/|$)/.test(operand) || /^\/.*\.\./.test(operand))
    return `Where ${JSON.stringify(operand)} leads depends on links on the way.`;
  try {
    return await box.resolve(path.isAbsolute(operand) ? operand : path.resolve(folder, operand), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return errorText(error);
  }
}

/** Package managers and git keep logins where they keep their settings. */
const holdsLogins =
  /(?:^|\/)(?:\.npmrc|\.yarnrc\.yml|\.mcp\.json|mcp\.json|pip\.conf|nuget\.config|\.cargo\/config(?:\.toml)?|\.git|\.git\/(?!HEAD$).*|\.wgetrc|\.curlrc)$/i;

async function problemOfRead(
  operand: string,
  folder: string,
  notFolder: boolean,
  box: PathBox,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (operand === '/dev/null') return undefined;
  const place = await placeOf(operand, folder, box, signal);
  if (typeof place === 'string') return place;
  const { path: real, display, guarded } = place;
  if (guarded?.kind === 'secret') return `It reads ${JSON.stringify(display)}. ${guarded.reason}`;
  if (holdsLogins.test(display)) return `It reads ${JSON.stringify(display)}. Logins may stand there.`;
  const found = await unlessFailing(['ENOENT', 'ENOTDIR'], stat(real));
  if (!found || found.isFile() || (found.isDirectory() && !notFolder)) return undefined;
  return found.isDirectory()
    ? `${JSON.stringify(display)} is a folder: all files in it would be read.`
    : `${JSON.stringify(display)} is neither a file nor a folder.`;
}

async function problemOfTree(
  check: TreeCheck,
  folder: string,
  box: PathBox,
  budget: WalkBudget,
  signal: AbortSignal,
): Promise<string | undefined> {
  const place = await placeOf(check.path, folder, box, signal);
  if (typeof place === 'string') return place;
  const found = await unlessFailing(['ENOENT', 'ENOTDIR'], stat(place.path));
  if (!found?.isDirectory()) return undefined;
  const roots = (await box.realRoots()).filter((root) => !path.relative(root, place.path).startsWith('..'));
  const root = roots.toSorted((left, right) => left.length - right.length)[0];
  const secret = await secretBelow(place.path, root ?? place.path, check, budget, signal);
  if (secret === 'many')
    return 'There are too many files to make sure that no keys are read among them. fs_grep leaves them out.';
  return secret === undefined
    ? undefined
    : `It reads every file, ${JSON.stringify(await box.displayOf(secret))} too: keys or logins may stand there.`;
}
