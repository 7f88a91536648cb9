import type { GuardedPath } from './sandbox';

/**
 * Paths that are guarded, relative to any folder of the workspace, lower case, with `/`; `*` stands for any characters of one
 * name. The first rule that fits says the reason.
 */
export interface GuardRule extends GuardedPath {
  /** A folder with everything in it. */
  readonly folders?: readonly string[];
  /** One file (or the folder of that name itself, not what is in it). */
  readonly files?: readonly string[];
  /** Files that look like those above and are not. */
  readonly except?: readonly string[];
}

const secrets: readonly GuardRule[] = [
  {
    kind: 'secret',
    reason: 'Such a file usually holds passwords and keys of the environment that the program runs in.',
    folders: ['.env', '.envs', '.direnv'],
    files: ['.env*', '*.env'],
    except: [
      ...['.env*.example', '.env*.sample', '.env*.template', '.env*.dist', '.env-example', '.env_example'],
      ...['example.env', 'sample.env', 'template.env', '*.example.env', '*.sample.env', '*.template.env', '.env.d.ts'],
    ],
  },
  {
    kind: 'secret',
    reason: 'It looks like a private key or a key store.',
    files: [
      ...['*.pem', '*.key', '*.p8', '*.p12', '*.pfx', '*.pkcs12', '*.ppk', '*.jks', '*.keystore', '*.kdbx', '*.kdb'],
      ...[
        '*.agekey',
        '*.keychain',
        '*.keychain-db',
        'id_rsa*',
        'id_dsa*',
        'id_ecdsa*',
        'id_ed25519*',
        'ssh_host_*_key',
      ],
    ],
    except: ['id_*.pub'],
  },
  {
    kind: 'secret',
    reason: 'It looks like a file with a login: a password, a token or a key of a service.',
    files: [
      ...['credentials', '.credentials', 'credentials.*', '.credentials.*', 'secrets.*', 'secret.*'].flatMap(dataFiles),
      ...['credentials.yml.enc', 'service-account*.json', 'service_account*.json', 'serviceaccount*.json'],
      ...[
        '*-firebase-adminsdk-*.json',
        'client_secret*.json',
        'gha-creds-*.json',
        'key.json',
        '*.tfvars',
        '*.tfvars.json',
      ],
      ...['application_default_credentials.json', 'credentials.tfrc.json', '.terraformrc', 'terraform.rc', '*.tfstate'],
      ...['*.tfstate.backup', '.netrc', '_netrc', '.authinfo', '.authinfo.gpg', '.pgpass', 'pgpass.conf', '.my.cnf'],
      ...[
        '.mylogin.cnf',
        '.git-credentials',
        '.pypirc',
        '.htpasswd',
        '.vault-token',
        '.vault_pass*',
        '.s3cfg',
        '.boto',
      ],
      ...['.dockercfg', '.dockerconfigjson', '.docker/config.json', 'kubeconfig', '*.kubeconfig', '.kube/config'],
      ...['.cargo/credentials', '.gem/credentials', '.config/gh/hosts.yml', '.config/git/credentials', '.passwd-s3fs'],
      ...['.codex/auth.json', '.composer/auth.json', '.gemini/oauth_creds.json', '.claude.json'],
    ],
    except: ['example.tfvars', '*.example.tfvars', '*.tfvars.example'],
  },
  {
    kind: 'secret',
    reason: 'This folder is where programs keep keys and logins.',
    folders: [
      '.ssh',
      '.gnupg',
      '.aws',
      '.azure',
      '.oci',
      '.config/gcloud',
      '.gcloud',
      '.password-store',
      '.kube/cache',
    ],
  },
  {
    kind: 'secret',
    reason: 'On macOS this is another way to spell the file that it seems to lie in.',
    folders: ['..namedfork'],
  },
  {
    kind: 'secret',
    reason: 'It is a history of what was typed: logins may stand in it.',
    files: [
      '.bash_history',
      '.zsh_history',
      '.python_history',
      '.node_repl_history',
      '.psql_history',
      '.mysql_history',
    ],
  },
];

const protectedPaths: readonly GuardRule[] = [
  {
    kind: 'protected',
    reason: 'Git executes what its own folder says: hooks, filters, editors.',
    folders: ['.git', '.hg', '.svn', '.jj', '.githooks'],
    // A folder with a HEAD file counts as a repository: git obeys the configuration beside it.
    files: ['head', '.gitattributes', '.gitmodules', '.gitconfig', '.config/git/*', '.hgrc'],
  },
  {
    kind: 'protected',
    reason: 'It runs by itself at commits and pushes.',
    folders: ['.husky', '.lefthook'],
    files: [
      ...['.pre-commit-config.yaml', '.pre-commit-config.yml', '.pre-commit-hooks.yaml', '.pre-commit-hooks.yml'],
      ...['lefthook.*', '.lefthook.*', 'lefthook-local.*', '.lefthook-local.*', '.overcommit.yml', '.huskyrc*'],
      ...['.lintstagedrc*', 'lint-staged.config.*', '.simple-git-hooks.*', 'simple-git-hooks.*'],
    ],
  },
  {
    kind: 'protected',
    reason: 'Editors obey it: it can name programs that they then execute.',
    folders: ['.vscode', '.idea', '.devcontainer', '.fleet', '.zed', '.vs', '.run', '.theia', '.settings'],
    files: [
      ...['*.code-workspace', '.devcontainer.json', '.vimrc', '.exrc', '.nvimrc', '.nvim.lua', '.lvimrc', '.vim'],
      ...[
        '.dir-locals.el',
        '.dir-locals-2.el',
        '.emacs',
        '.gdbinit',
        '.lldbinit',
        '.sublime-project',
        '*.sublime-project',
      ],
    ],
    except: ['.vscode/extensions.json', '.vscode/*.code-snippets'],
  },
  {
    kind: 'protected',
    reason: 'The build service executes it with its own rights and secrets.',
    folders: [
      ...['.github/workflows', '.github/actions', '.gitea/workflows', '.forgejo/workflows', '.gitlab/ci', '.gitlab-ci'],
      ...['.circleci', '.buildkite', '.woodpecker', '.teamcity', '.azure-pipelines', 'azure-pipelines', '.semaphore'],
      ...['.tekton', '.ci', '.travis', '.drone', '.harness'],
    ],
    files: [
      ...['.github', '.gitlab', '.gitea', '.forgejo', '.github/codeowners', 'codeowners', '.github/dependabot.yml'],
      ...['.github/dependabot.yaml', '.gitlab-ci*.yml', '.gitlab-ci*.yaml', '*.gitlab-ci.yml', 'jenkinsfile*'],
      ...['*.jenkinsfile', 'azure-pipelines*.yml', 'azure-pipelines*.yaml', '.travis.yml', 'appveyor.yml'],
      ...['.appveyor.yml', 'bitbucket-pipelines.yml', '.drone.*', '.woodpecker.*', '.cirrus.*', 'buildspec*.yml'],
      ...['cloudbuild.yaml', 'cloudbuild.yml', 'cloudbuild.json', 'wercker.yml', 'codefresh.yml', 'renovate.json*'],
      ...['.renovaterc*', '.scrutinizer.yml'],
    ],
  },
  {
    kind: 'protected',
    reason: 'Package managers and tools obey it: it can name programs and servers that they then use.',
    folders: ['.yarn/plugins', '.yarn/releases', '.mvn', '.mise', '.bundle'],
    files: [
      ...['.npmrc', '.yarnrc*', '.yarn', '.pnpmfile.*', '.pnp.*', '.bunfig.toml', 'bunfig.toml', 'pip.conf', 'pip.ini'],
      ...['.condarc', '.cargo', '.cargo/config', '.cargo/config.toml', '.gemrc', '.bazelrc', '.mise.toml', 'mise.toml'],
      ...['.mise.*.toml', 'mise.*.toml', '.curlrc', '_curlrc', '.wgetrc', '.ripgreprc', '.rgrc', '.config', '.noderc'],
    ],
  },
  {
    kind: 'protected',
    // Not here, for they are changed every day and run only with a build or a test that is asked: package.json, build files,
    // conftest.py, tailwind.config, vite.config and the like.
    reason: 'Editors and tools execute or obey it by themselves, without a command of yours.',
    files: [
      ...['eslint.config.*', '.eslintrc.js', '.eslintrc.cjs', '.prettierrc.js', '.prettierrc.cjs'],
      ...['.prettierrc.mjs', '.prettierrc.ts', '.prettierrc.cts', '.prettierrc.mts', 'prettier.config.*'],
      ...['stylelint.config.*', '.stylelintrc.js', '.stylelintrc.cjs', '.stylelintrc.mjs', '.tool-versions'],
      ...['.python-version', '.node-version', '.nvmrc', '.ruby-version', '.java-version', '.go-version'],
    ],
  },
  {
    kind: 'protected',
    reason: 'Shells execute it whenever they start.',
    folders: ['.config/fish', '.zsh', '.bashrc.d', '.oh-my-zsh'],
    files: [
      ...[
        '.bashrc',
        '.bash_profile',
        '.bash_login',
        '.bash_logout',
        '.bash_aliases',
        '.bash_env',
        '.profile',
        '.zshrc',
      ],
      ...['.zshenv', '.zprofile', '.zlogin', '.zlogout', '.kshrc', '.mkshrc', '.cshrc', '.tcshrc', '.login', '.logout'],
      ...['.inputrc', '.xprofile', '.xinitrc', '.xsession', '.xsessionrc', '.tmux.conf', '.screenrc', 'config.fish'],
      ...['profile.ps1', 'microsoft.*profile.ps1', '.shrc', '.ashrc', '.pam_environment'],
    ],
  },
  {
    kind: 'protected',
    reason: 'Agents take it for instructions or settings, this one included.',
    folders: [
      ...['.countersign', '.claude', '.codex', '.cursor', '.gemini', '.windsurf', '.roo', '.kilocode', '.continue'],
      ...['.amazonq', '.junie', '.kiro', '.opencode', '.agents', '.agent', '.qwen', '.trae', '.augment', '.goose'],
      ...['.clinerules', '.rules', '.crush', '.factory', '.openhands', '.github/instructions', '.github/prompts'],
      ...['.github/chatmodes', '.github/agents', '.github/hooks', '.github/skills', '.serena', '.cline', '.copilot'],
    ],
    files: [
      ...['.countersign*', 'agents.md', 'agents.*.md', 'agent.md', 'claude.md', 'claude.*.md', 'gemini.md', 'qwen.md'],
      ...[
        'copilot-instructions.md',
        '*.instructions.md',
        '*.prompt.md',
        '*.chatmode.md',
        '.cursorrules',
        '.cursorignore',
      ],
      ...['.cursorindexingignore', '.windsurfrules', '.roorules*', '.roomodes', '.goosehints', '.aider*', '.mcp.json'],
      ...[
        'mcp.json',
        'opencode.json*',
        '.augment-guidelines',
        '.codeiumignore',
        '.geminiignore',
        '.aiexclude',
        'warp.md',
      ],
      ...['crush.json', '.crush.json', '.llmrules', '*.mdc'],
    ],
  },
];

/** Secrets first: who guards reading guards changing too. */
export const guardRules: readonly GuardRule[] = [...secrets, ...protectedPaths];

/** `credentials.*` names data only: `credentials.ts` is a program like any other. */
function dataFiles(name: string): readonly string[] {
  if (!name.endsWith('.*')) return [name];
  return ['json', 'yml', 'yaml', 'toml', 'ini', 'txt', 'csv', 'xml', 'properties'].map(
    (ending) => `${name.slice(0, -1)}${ending}`,
  );
}
