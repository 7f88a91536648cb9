import { strict as assert } from 'node:assert';
import { commandEnvironment } from '../../../src/node/commands/commandEnvironment';
import { findShell } from '../../../src/node/commands/shell';

describe('findShell', () => {
  const withFiles = (platform: NodeJS.Platform, env: Record<string, string>, ...files: readonly string[]) =>
    findShell({ platform, env, isFile: (file) => files.includes(file) });

  it('prefers bash, wherever it is, to sh', () => {
    assert.equal(withFiles('linux', {}, '/bin/bash', '/bin/sh').file, '/bin/bash');
    assert.equal(
      withFiles('linux', { PATH: 'relative:/run/system/bin' }, '/run/system/bin/bash').file,
      '/run/system/bin/bash',
    );
    assert.deepEqual(withFiles('linux', { PATH: '/bin' }, '/bin/sh').name, 'sh');
  });

  it("takes the bash of Git on Windows, found by its folder or beside git.exe, never WSL's", () => {
    const bash = 'C:\\Program Files\\Git\\bin\\bash.exe';
    assert.equal(withFiles('win32', { ProgramFiles: 'C:\\Program Files' }, bash).file, bash);
    const own = withFiles('win32', { Path: 'D:\\Git\\cmd' }, 'D:\\Git\\cmd\\git.exe', 'D:\\Git\\bin\\bash.exe');
    assert.deepEqual({ name: own.name, file: own.file }, { name: 'bash', file: 'D:\\Git\\bin\\bash.exe' });
    const wsl = withFiles('win32', { Path: 'C:\\Windows\\System32' }, 'C:\\Windows\\System32\\bash.exe');
    assert.equal(wsl.name, 'PowerShell');
  });

  it('falls back to PowerShell without profile and questions', () => {
    const { file, argumentsFor } = withFiles('win32', { SystemRoot: 'C:\\Windows' });
    assert.equal(file, 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    assert.deepEqual(argumentsFor('dir'), ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', 'dir']);
  });
});

describe('commandEnvironment', () => {
  it('replaces Path by PATH on Windows, where both are one name', () => {
    const env = commandEnvironment({ Path: 'old', Other: 'x' }, { PATH: 'new' }, 'win32');
    assert.deepEqual([env['PATH'], env['Path'], env['Other']], ['new', undefined, 'x']);
  });

  it('keeps names of different case apart elsewhere', () => {
    const env = commandEnvironment({ Path: 'old' }, { PATH: 'new' }, 'linux');
    assert.deepEqual([env['PATH'], env['Path']], ['new', 'old']);
  });

  it('takes out what looks like a secret, whatever its case', () => {
    const secrets = [
      'OPENAI_API_KEY',
      'apikey',
      'AWS_ACCESS_KEY_ID',
      'npm_config__authToken',
      'Client_Secret',
      'PGPASSWORD',
      'AZURE_CREDENTIALS',
    ];
    const env = commandEnvironment(Object.fromEntries(secrets.map((name) => [name, 'x'])), {}, 'linux');
    for (const name of secrets) assert.equal(env[name], undefined, name);
  });
});
