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

/** Further names that cannot be changed where they are, at the top and below it. */
const protectedNames: ReadonlySet<string> = new Set([
  ...['.countersign', '.devcontainer', '.husky', '.idea', '.vscode', '.envrc', '.mcp.json', '.npmrc', '.yarnrc.yml'],
  ...['.claude', '.cursor', '.cursorrules', '.gitlab-ci.yml', '.yarnrc', '.lefthook.yml', 'lefthook.yml'],
  ...['agents.md', 'claude.md', 'gemini.md', 'workflows', '.circleci', '.jenkinsfile', 'jenkinsfile'],
  ...['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zprofile', '.gitconfig'],
]);

const examples = /^\.env\.(?:.*\.)?(?:example|sample|template|dist|defaults|schema)$/;
const secretNames = [
  /^\.env(?:\.|$)/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  /^(?:\.netrc|\.pypirc|\.git-credentials|\.htpasswd)$/,
];

/** What a name in a workspace stands for. `inside` is the name of the folder that it lies in. */
export function kindOfName(name: string, inside: string): 'protected' | 'secret' | undefined {
  const lower = name.normalize('NFC').toLowerCase();
  if (secretNames.some((pattern) => pattern.test(lower)) && !examples.test(lower)) return 'secret';
  if (lower.endsWith('.code-workspace')) return 'protected';
  if (lower === 'workflows') return inside.toLowerCase() === '.github' ? 'protected' : undefined;
  return protectedNames.has(lower) ? 'protected' : undefined;
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
