import { strict as assert } from 'node:assert';
import { commandEnvironment } from '../../../src/node/commands/commandEnvironment';

describe('The environment of a command', () => {
  const keptFromCommands = [
    ...['GITHUB_TOKEN', 'GH_TOKEN', 'NPM_TOKEN', 'NODE_AUTH_TOKEN', 'HF_TOKEN', 'SLACK_BOT_TOKEN', 'github_token'],
    ...['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'MY_KEY', 'SERVICE_APIKEY', 'SSH_PRIVATE_KEY', 'KEY'],
    ...[
      'CLIENT_SECRET',
      'SECRET_KEY_BASE',
      'DJANGO_SECRET',
      'MY_SECRETS',
      'DB_PASSWORD',
      'PGPASSWORD',
      'MYSQL_PWD_PASSWD',
    ],
    ...['SMTP_PASS', 'GPG_PASSPHRASE', 'SESSION_COOKIE', 'JWT', 'GITLAB_PAT', 'SENTRY_DSN', 'COMPOSER_AUTH'],
    ...[
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_PROFILE',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
    ],
    ...[
      'AZURE_CLIENT_ID',
      'ARM_CLIENT_SECRET',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'GCP_CREDS',
      'VAULT_ADDR',
      'KUBECONFIG',
    ],
    ...['DATABASE_URL', 'REDIS_URL', 'MONGODB_URI', 'STORAGE_CONNECTION_STRING'],
    ...[
      'npm_config__auth',
      'npm_config__authToken',
      'npm_config__password',
      'NPM_CONFIG__AUTH',
      'npm_config_//registry/:_authToken',
    ],
    ...['VSCODE_IPC_HOOK_CLI', 'VSCODE_GIT_ASKPASS_MAIN', 'ELECTRON_RUN_AS_NODE', 'COUNTERSIGN_ANYTHING'],
    ...['GIT_ASKPASS', 'SSH_ASKPASS', 'SUDO_ASKPASS', 'SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'GPG_AGENT_INFO'],
  ];
  const passedOn = [
    ...['PATH', 'HOME', 'USER', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'PWD', 'OLDPWD', 'EDITOR', 'DISPLAY'],
    ...[
      'HTTP_PROXY',
      'https_proxy',
      'NO_PROXY',
      'NODE_OPTIONS',
      'NODE_EXTRA_CA_CERTS',
      'SSL_CERT_FILE',
      'AWS_CA_BUNDLE',
    ],
    ...['GOPATH', 'JAVA_HOME', 'CARGO_HOME', 'VIRTUAL_ENV', 'PYENV_ROOT', 'npm_config_registry', 'npm_config_cache'],
    ...[
      'KEYBOARD',
      'MONKEY',
      'KEYMAP',
      'AUTHOR',
      'GIT_AUTHOR_NAME',
      'PATTERN',
      'COMPASS',
      'AWS_REGION',
      'TOKENIZERS_PARALLELISM',
    ],
  ];

  for (const name of keptFromCommands)
    it(`has no ${name}`, () => assert.equal(name in commandEnvironment({ [name]: 'swordfish' }, {}), false));
  for (const name of passedOn)
    it(`has ${name}`, () => assert.equal(commandEnvironment({ [name]: 'plain' }, {})[name], 'plain'));

  it('is made so that nothing pages, paints, or waits for a person', () => {
    const { TERM, PAGER, GIT_PAGER, GIT_TERMINAL_PROMPT, CI, NO_COLOR } = commandEnvironment(
      { TERM: 'xterm', PAGER: 'less' },
      {},
    );
    assert.deepEqual(
      [TERM, PAGER, GIT_PAGER, GIT_TERMINAL_PROMPT, CI, NO_COLOR],
      ['dumb', 'cat', 'cat', '0', '1', '1'],
    );
  });

  it('brings back what is asked for by name, and takes out what is asked away', () => {
    const env = commandEnvironment({ GITHUB_TOKEN: 'a', HOME: '/h' }, { GITHUB_TOKEN: 'b', HOME: undefined });
    assert.equal(env['GITHUB_TOKEN'], 'b');
    assert.equal('HOME' in env, false);
  });
});
