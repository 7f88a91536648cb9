import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * While a command runs, stand-ins lie where protected files are missing, and secrets are covered: `git add` would stop at
 * them. They are named in git's list of what the user never adds, together with the user's own list.
 * @returns the variables that bring the list to git
 */
export function gitIgnoreVariables(file: string, ignored: readonly string[], env: Variables): Variables {
  if (ignored.length === 0) return {};
  const text = `${ownList(env)}\n${ignored.join('\n')}\n`;
  if (textOf(file) !== text) {
    const staged = `${file}.${process.hrtime.bigint()}`;
    writeFileSync(staged, text);
    renameSync(staged, file);
  }
  const count = Number(env['GIT_CONFIG_COUNT'] ?? '0') || 0;
  return {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: 'core.excludesFile',
    [`GIT_CONFIG_VALUE_${count}`]: file,
  };
}

/** Where git looks: the file that the user's settings name, else the one beside them. */
function ownList(env: Variables): string {
  const home = env['HOME'] ?? '';
  const settings = env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
  const named = [path.join(home, '.gitconfig'), path.join(settings, 'git', 'config')]
    .map((file) => /^\s*excludesfile\s*=\s*"?([^"\n]+?)"?\s*$/im.exec(textOf(file))?.[1])
    .find((found) => found !== undefined);
  const file = named?.replace(/^~(?=\/)/, () => home) ?? path.join(settings, 'git', 'ignore');
  return textOf(file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Most have none.
    return '';
  }
}
