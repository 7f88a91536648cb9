import { askGit, type AskGitOptions } from './askGit';
import { holdsLogin } from './gitSettings';

/**
 * Why the addresses of remotes must not be shown; undefined: they may. The settings of the user may put a login into them
 * (`url.….insteadOf`), wherever those stand: git itself is asked.
 */
export async function problemOfAddresses(options: AskGitOptions, signal: AbortSignal): Promise<string | undefined> {
  const shown = await askGit(['remote', '-v'], options, signal);
  if (shown === undefined) return 'Git does not say what the addresses of its remotes are.';
  return holdsLogin(shown) ? 'The address of a remote holds a login.' : undefined;
}
