import { lstat, readFile } from 'node:fs/promises';
import { unlessFailing } from './systemError';

/** Settings of package managers and of git: for most people nothing to hide, for some with a login in them. */
const settings =
  /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmrc|\.?pip\.(?:conf|ini)|nuget\.config|\.?bunfig\.toml|\.cargo\/config(?:\.toml)?|\.mcp\.json|mcp\.json|\.wgetrc|\.curlrc|\.gitmodules|\.gitconfig|\.git\/(?:.*\/)?(?:config|config\.worktree|fetch_head)|\.git\/(?:.*\/)?logs\/.*)$/i;

/** A password, a token, or a name and a password in an address. What only names a variable is none. */
const login =
  /(?:_auth|_authtoken|_password|npmauthtoken|npmauthident|password|passwd|token|secret|api[_-]?key|cleartextpassword)["']?\s*[=:>]\s*["']?(?!\$\{?\w+\}?)[^\s"'<>]|https?:\/\/[^\s/@"']+@|authorization\s*[:=]|user(?:name)?["']?\s*=\s*["']?[^\s:"']+:[^\s"']/i;

const maxBytes = 256 * 1024;
const absent = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EISDIR'];

/** Whether a login stands in one of those settings. False for all other files. @param file absolute, real. */
export async function holdsLogin(file: string): Promise<boolean> {
  if (!settings.test(file.replaceAll('\\', '/'))) return false;
  const found = await unlessFailing(absent, lstat(file));
  if (!found?.isFile()) return false;
  if (found.size > maxBytes) return true;
  const text = await unlessFailing(absent, readFile(file, 'utf8'));
  return text !== undefined && login.test(text);
}
