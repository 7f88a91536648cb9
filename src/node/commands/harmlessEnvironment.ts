import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { hostPathRules, isInside } from '../lexicalPath';
import { unlessFailing } from '../systemError';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What git may be told by nobody else while a harmless command runs. Its settings cannot be given in the command itself: that
 * runs as people see it. Those of the environment win over every file, also within submodules.
 */
const gitSettings = (attributesFile: string): Variables => ({
  // Contents of secret files count as binary: git says that they differ, and shows nothing of them.
  'core.attributesFile': attributesFile,
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.pager': 'cat',
  'core.sshCommand': 'false',
  'core.askPass': 'false',
  'credential.helper': '',
  'log.showSignature': 'false',
  'protocol.allow': 'never',
  'safe.bareRepository': 'explicit',
  'status.submoduleSummary': 'false',
  'diff.submodule': 'short',
  'submodule.recurse': 'false',
});

/** On top of what is kept of the environment. @param attributesFile for git: which files it shows nothing of. */
export function harmlessVariables(attributesFile: string): Variables {
  const settings = Object.entries(gitSettings(attributesFile));
  return {
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    GIT_CONFIG_COUNT: String(settings.length),
    // Missing objects would be fetched by a program that the repository names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
    PAGER: 'cat',
    TERM: 'dumb',
    CI: '1',
    NO_COLOR: '1',
  };
}

/** Everything else can make a shell, a loader or a program run something: BASH_ENV, functions, LD_PRELOAD, NODE_OPTIONS, GIT_… */
const kept = /^(HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_CONFIG_HOME|SYSTEMROOT)$/;

/**
 * The environment for a command that was judged harmless: only what is known to execute nothing, and a PATH without folders
 * that are relative or inside the workspace, where a program of the same name may lie.
 * @param roots real folders of the workspace.
 */
export async function harmlessEnvironment(
  variables: Variables,
  roots: readonly string[],
  attributesFile: string,
): Promise<Variables> {
  const inherited = Object.entries(variables).filter(([name]) => kept.test(name));
  const folders = await Promise.all(
    (variables['PATH'] ?? '').split(path.delimiter).map((folder) => trusted(folder, roots)),
  );
  const PATH = folders.filter((folder) => folder !== undefined).join(path.delimiter);
  // An empty PATH would be taken for the current folder by some shells.
  return {
    ...Object.fromEntries(inherited),
    ...harmlessVariables(attributesFile),
    PATH: PATH === '' ? '/usr/bin:/bin' : PATH,
  };
}

async function trusted(folder: string, roots: readonly string[]): Promise<string | undefined> {
  if (!path.isAbsolute(folder)) return undefined;
  const real = await unlessFailing(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'], realpath(folder));
  if (real === undefined) return undefined;
  return roots.some((root) => isInside(root, real, hostPathRules, true)) ? undefined : real;
}
