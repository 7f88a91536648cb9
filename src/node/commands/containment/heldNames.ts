import { guardedNames, guardedPath } from '../../../core/sandbox/protectedPaths';

/**
 * Places at the top of a workspace that other programs obey without asking: they can be neither changed nor made. What is not
 * there is stood in for by something empty while a command runs, so the list is short. Of a folder one name inside of it is
 * given, so that its stand-in is a folder.
 */
export const heldAtTop: readonly string[] = [
  ...[
    '.countersign/settings.json',
    '.devcontainer/devcontainer.json',
    '.husky/_',
    '.idea/workspace.xml',
    '.vscode/tasks.json',
  ],
  ...['.envrc', '.mcp.json', '.npmrc'],
];

/** Version control's own folders, which it must be able to change; what of them is executed is held by name. */
const versionControl = /^(?:\.git|\.hg|\.svn|\.jj)$/;

/** The last name of each rule: most names are none of them, and the rules are many. */
const names = lastNames();
const exactNames: ReadonlySet<string> = new Set(names.filter((name) => !name.includes('*')));
const patterns = names.filter((name) => name.includes('*')).map(expressionOf);
/** Those that begin with a wildcard look at the ends of names, the others at their beginnings: both fail fast. */
const beginnings = new RegExp(`^(?:${patterns.filter((pattern) => !pattern.startsWith('.*')).join('|')})$`);
const ends = patterns.filter((pattern) => pattern.startsWith('.*')).map((pattern) => pattern.slice(2));
const plainEnds = ends.filter((end) => !end.includes('.*')).map((end) => end.replaceAll('\\', ''));
const otherEnds = new RegExp(`(?:${ends.filter((end) => end.includes('.*')).join('|') || '$.'})$`);

function isCandidate(name: string): boolean {
  if (exactNames.has(name) || beginnings.test(name)) return true;
  return plainEnds.some((end) => name.endsWith(end)) || otherEnds.test(name);
}

/**
 * What a name in a workspace stands for.
 * @param above the names of the folders that it lies in, the nearest last; two are enough
 */
export function kindOfName(name: string, above: readonly string[]): 'protected' | 'secret' | undefined {
  const lower = name.normalize('NFC').toLowerCase();
  if (versionControl.test(lower) || !isCandidate(lower)) return undefined;
  return guardedPath([...above.slice(-2), lower].join('/'))?.kind;
}

function lastNames(): readonly string[] {
  const all = [guardedNames('secret'), guardedNames('protected')];
  const rules = all.flatMap(({ folders, files, patterns }) => [...folders, ...files, ...patterns]);
  return rules.map((rule) => rule.slice(rule.lastIndexOf('/') + 1));
}

function expressionOf(rule: string): string {
  return rule.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
}

/** Places of secrets in a home folder, whole folders among them. */
export const secretsAtHome: readonly string[] = [
  ...['.ssh', '.aws', '.azure', '.gnupg', '.kube', '.password-store', '.netrc', '.pypirc', '.git-credentials'],
  ...['.config/gh', '.config/gcloud', '.config/git/credentials', '.config/op', '.config/hub', '.docker/config.json'],
  ...['.cargo/credentials', '.cargo/credentials.toml', '.gem/credentials', '.terraform.d/credentials.tfrc.json'],
  ...['.local/share/keyrings', '.config/rclone', '.config/age', '.config/sops', '.oci', '.config/doctl'],
  ...[
    '.mozilla',
    '.config/google-chrome',
    '.config/chromium',
    'Library/Keychains',
    'Library/Application Support/Google',
  ],
  ...['.vscode-server/data/User/globalStorage', '.local/share/code-server/User/globalStorage'],
  ...['.config/Code/User/globalStorage', 'Library/Application Support/Code/User/globalStorage'],
];

/** Settings in a home folder that hold logins in some cases: hidden when their text matches. */
export const settingsWithLogins: readonly { readonly path: string; readonly login: RegExp }[] = [
  { path: '.npmrc', login: /_authToken|_auth\s*=|_password/ },
  { path: '.yarnrc.yml', login: /npmAuth(?:Token|Ident)/ },
  { path: '.config/pip/pip.conf', login: /:\/\/[^\s/@]+:[^\s/@]+@/ },
];
