import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { guardedNames, guardedPath, isSecretPath } from '../../../src/core/sandbox/protectedPaths';

const kindOf = (path: string): string => guardedPath(path)?.kind ?? 'free';

describe('guarded paths', () => {
  const expected: Readonly<Record<'protected' | 'secret' | 'free', readonly string[]>> = {
    protected: [
      ...[
        '.git',
        '.git/config',
        '.git/hooks/pre-commit',
        'packages/a/.git',
        'lib/.git/config',
        '.git/modules/x/config',
      ],
      ...['.gitattributes', 'sub/.gitattributes', '.gitmodules', '.gitconfig', 'bare/HEAD', '.config/git/config'],
      ...['.vscode', '.vscode/settings.json', '.vscode/tasks.json', '.vscode/launch.json', '.vscode/mcp.json'],
      ...['a/b/.vscode/tasks.json', 'all.code-workspace', '.idea/workspace.xml', '.devcontainer/devcontainer.json'],
      ...[
        '.devcontainer.json',
        '.npmrc',
        'packages/a/.npmrc',
        'eslint.config.mjs',
        'a/.prettierrc.cjs',
        '.tool-versions',
        '.nvmrc',
        '.yarnrc',
        '.yarnrc.yml',
        '.husky/pre-commit',
        '.cargo/config.toml',
      ],
      ...['.github/workflows/ci.yml', '.gitlab-ci.yml', 'Jenkinsfile', '.circleci/config.yml', 'azure-pipelines.yml'],
      ...['.bashrc', '.zshrc', '.profile', '.config/fish/config.fish', 'AGENTS.md', 'docs/AGENTS.md', 'CLAUDE.md'],
      ...['CLAUDE.local.md', '.cursorrules', '.cursor/rules/a.mdc', '.github/copilot-instructions.md', '.mcp.json'],
      ...['.countersignignore', '.countersign/rules.json', '.claude/settings.json', '.codex/config.toml', '.gemini/x'],
      ...['.pre-commit-config.yaml', 'lefthook.yml'],
    ],
    secret: [
      ...['.env', '.env.local', '.env.production', 'apps/web/.env', '.envrc', 'prod.env', '.envs/.production/.django'],
      ...['server.pem', 'certs/tls.key', 'id_rsa', 'id_rsa.old', 'id_ed25519', 'a.p12', 'a.pfx', '.netrc', '.pgpass'],
      ...[
        'credentials',
        'credentials.json',
        '.aws/credentials',
        '.aws/config',
        '.ssh/config',
        '.ssh/id_rsa',
        '.gnupg/x',
      ],
      ...[
        'vault.kdbx',
        'service-account.json',
        'service-account-prod.json',
        'x-firebase-adminsdk-1.json',
        '.git-credentials',
      ],
      ...['.docker/config.json', 'terraform.tfstate', 'secrets.yaml', '.claude/.credentials.json', '.bash_history'],
    ],
    free: [
      ...[
        '',
        '.',
        'src/main.ts',
        'README.md',
        '.gitignore',
        '.github/ISSUE_TEMPLATE/bug.md',
        '.vscode/extensions.json',
      ],
      ...[
        '.vscode/a.code-snippets',
        '.env.example',
        '.env.sample',
        '.env.template',
        '.env.local.example',
        'example.env',
      ],
      ...[
        'env.ts',
        'src/environment.ts',
        'git/config',
        'src/git.ts',
        'digit/x',
        '.gitkeep',
        'package.json',
        'id_rsa.pub',
      ],
      ...[
        'credentials.ts',
        'src/credentials/form.ts',
        'secrets.ts',
        'monkey.ts',
        'keyboard.json',
        'header.ts',
        '.prettierrc',
      ],
      ...[
        '.editorconfig',
        '..git/x',
        'src/vscode/settings.json',
        'agents.ts',
        'src/agents/index.ts',
        'claude.ts',
        '.data/x',
      ],
    ],
  };
  for (const [kind, paths] of Object.entries(expected))
    for (const path of paths) it(`${path || 'the folder itself'}: ${kind}`, () => assert.equal(kindOf(path), kind));

  const aliases = {
    '.git/config': ['.GIT/config', '.Git/CONFIG', '.git./config', '.git /config', '.git . . /config', 'GIT~1/config'],
    '.git/hooks/x': ['git~1/hooks/x', 'gi7eba~1/hooks/x', '.git::$INDEX_ALLOCATION/hooks/x', '.g\u200cit/hooks/x'],
    '.git/x': ['./.git/x', 'a//.git/x', '.gıt/x'],
    '.vscode/tasks.json': ['.VSCode/Tasks.json', 'VSCODE~1/tasks.json', '.vſcode/tasks.json', '.vscode/tasks.json.'],
    '.env': ['.ENV', '.env ', '.env.', '.env:stream', 'ENV~1', '.env::$DATA', '.\u202eenv'],
    '.env.local': ['ENV~1.LOC', '.Env.Local'],
    '.npmrc': ['.NPMRC', 'NPMRC~1', '.npmrc..'],
    'all.code-workspace': ['ALL~1.COD', 'All.Code-Workspace'],
    id_rsa: ['ID_RSA', 'Id_Rsa '],
  };
  for (const [path, others] of Object.entries(aliases))
    for (const alias of others)
      it(`${JSON.stringify(alias)} is as guarded as ${path}`, () => {
        assert.notEqual(kindOf(path), 'free');
        assert.equal(kindOf(alias), kindOf(path));
      });

  it('says a reason in a sentence', () => {
    for (const path of [...expected.protected, ...expected.secret])
      assert.match(guardedPath(path)?.reason ?? '', /^[A-Z].*\.$/, path);
  });

  it('guards a name below any folder, in any case, with blanks and dots behind it', () => {
    const folder = fc.stringMatching(/^[a-z]{1,8}$/);
    const guarded = fc.constantFrom(...expected.protected, ...expected.secret);
    const trailing = fc.stringMatching(/^[. ]{0,3}$/);
    fc.assert(
      fc.property(fc.array(folder, { maxLength: 4 }), guarded, trailing, fc.boolean(), (above, path, end, upper) => {
        const spelled = [...above, upper ? path.toUpperCase() : path].join('/') + end;
        assert.equal(kindOf(spelled), kindOf(path), spelled);
      }),
    );
  });

  it('answers for any text at once', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (path) => void guardedPath(path)));
    const start = performance.now();
    for (const path of ['a'.repeat(4_096), '.env'.repeat(1_000), '-firebase-adminsdk-'.repeat(200), '~1'.repeat(2_000)])
      guardedPath(path);
    assert.ok(performance.now() - start < 200);
  });

  it('gives its names to a sandbox', () => {
    const secret = guardedNames('secret');
    assert.ok(secret.folders.includes('.ssh') && secret.files.includes('.netrc') && secret.patterns.includes('.env*'));
    const named = guardedNames('protected');
    assert.ok(
      named.folders.includes('.git') && named.files.includes('.npmrc') && named.patterns.includes('jenkinsfile*'),
    );
    for (const name of [...named.folders, ...named.files]) assert.doesNotMatch(name, /[*A-Z\\]/);
    assert.ok(isSecretPath('a/.env') && !isSecretPath('.git/config'));
  });
});
