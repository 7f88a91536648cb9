import { strict as assert } from 'node:assert';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containmentOf } from '../../src/node/commands/containment/containmentOf';
import { NameScan } from '../../src/node/commands/containment/nameScan';
import { refusalSentences } from '../../src/node/commands/containment/violations';
import { withoutPrograms } from '../../src/node/commands/gitSettings';
import { useTempFolder } from '../support/tempFolder';

const nothing = { wroteOutside: false, wroteProtected: false, readSecret: false, reachedHost: false };
const held = { ...nothing, wroteInside: true, reachedNameServer: false, reachedUnixSocket: false, output: '' };

describe('What is said of a command in the sandbox', () => {
  it('is that it is held in part where not all of the workspace was looked through', () => {
    assert.equal(containmentOf(held, [], '').level, 'os');
    const { level, files, reason } = containmentOf({ ...held, gap: 'beyond the first 20,000 folders of /w' }, [], 'x');
    assert.equal(level, 'partial');
    for (const text of [files, reason]) assert.match(text, /read secrets .* beyond the first 20,000 folders of \/w/);
  });

  const ofOutput = (output: string, failed: boolean): string => refusalSentences([], { failed, output }).join(' ');

  it('names the sandbox for refused changes, whatever the exit code', () => {
    const lines = [
      "error: unable to unlink old 'AGENTS.md': Device or resource busy",
      "fatal: cannot create directory at '.vscode': Read-only file system",
      'error: could not write config file .git/config: Device or resource busy',
      'warning: update of config-file failed',
      "cp: cannot create regular file '.npmrc': Permission denied",
    ];
    for (const line of lines)
      for (const failed of [true, false]) assert.match(ofOutput(`a\n${line}\nb\n`, failed), /refused to change/, line);
    for (const line of ['docs: how to mend permission denied', 'all 12 tests passed'])
      assert.equal(ofOutput(line, false), '', line);
  });

  it('names the proxy when a program that failed found no network', () => {
    const lines = [
      'npm error getaddrinfo EAI_AGAIN registry.example',
      'Error: getaddrinfo ENOTFOUND registry.example',
      'ping: registry.example: Temporary failure in name resolution',
      'curl: (6) Could not resolve host: registry.example',
      'connect: Network is unreachable',
    ];
    for (const line of lines)
      assert.equal(ofOutput(line, true), 'The sandbox reaches only allowed hosts, through HTTP_PROXY.', line);
    assert.equal(ofOutput('curl: (6) Could not resolve host: x', false), '');
  });

  it('tells a refused change inside of the workspace also of a command that did not fail', () => {
    const sentences = refusalSentences(
      [
        { kind: 'write', path: '/w/AGENTS.md' },
        { kind: 'write', path: '/root/.cache/x' },
      ],
      { failed: false, output: '', roots: ['/w'] },
    );
    assert.deepEqual(sentences, ['It tried to change /w/AGENTS.md, which the sandbox does not allow.']);
  });
});

describe('Git settings without programs', () => {
  it('lose all that can make git execute something, and keep the rest', () => {
    const kept = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://example.org/a.git\n[user]\n\tname = Ada\n';
    assert.deepEqual(withoutPrograms(kept), { text: kept, taken: [] });
    const lines = [
      ...[
        '[core]',
        'fsmonitor = touch x',
        'hooksPath = h',
        'pager = p',
        'editor = e',
        'sshCommand = s',
        'bare = false',
      ],
      ...[
        '[CORE] fsMonitor = touch x',
        '[alias]',
        'st = !x',
        '[filter "a"]',
        'clean = x',
        '[diff "a"]',
        'textconv = x',
      ],
      ...['[include]', 'path = x', '[includeIf "gitdir:/"]', 'path = x', '[credential]', 'helper = !x', '[gpg]'],
      ...['program = x', '[core]', 'ignorecase = \\', 'fsmonitor = touch x', '[remote "a"]', 'uploadpack = x'],
      ...[
        '[submodule "a"]',
        'update = !x',
        '[difftool "a"]',
        'cmd = x',
        '[merge "a"]',
        'driver = x',
        '[hook "a"]',
        'command = x',
      ],
    ];
    const { text, taken } = withoutPrograms(lines.join('\n'));
    const entries = text.split('\n').filter((line) => line !== '' && !line.startsWith('['));
    assert.deepEqual(entries, ['\tbare = false']);
    assert.ok(taken.includes('core.fsmonitor') && taken.includes('credential.helper'), String(taken));
  });
});

describe('A look through the names of a workspace', () => {
  const temp = useTempFolder();

  it('says where it did not look', async () => {
    await temp.write({ 'a/.env': '', 'b/c/.env': '', 'b/d/.env': '' });
    const { hide, gap } = new NameScan({ folders: 3, names: 100, ms: 1_000 }).look(temp.path);
    assert.deepEqual(hide, [path.join(temp.path, 'a/.env')]);
    assert.equal(gap, `beyond the first 3 folders (5 names) of ${temp.path}`);
    assert.equal(new NameScan().look(temp.path).gap, undefined);
  });

  it('sees each change at once, however often it has looked', async () => {
    const scan = new NameScan();
    const found = (): readonly string[] =>
      scan
        .look(temp.path)
        .hide.map((file) => path.relative(temp.path, file))
        .sort();
    await temp.write({ 'a/b/x': '' });
    assert.deepEqual(found(), []);
    await sleep(2_100);
    assert.deepEqual(found(), []);
    assert.deepEqual(found(), []);
    for (const each of [1, 2, 3]) {
      writeFileSync(path.join(temp.path, `a/b/.env.${each}`), '');
      assert.equal(found().length, each);
    }
    renameSync(path.join(temp.path, 'a/b'), path.join(temp.path, 'a/c'));
    mkdirSync(path.join(temp.path, 'a/b'));
    assert.deepEqual(found(), ['a/c/.env.1', 'a/c/.env.2', 'a/c/.env.3']);
  });
});
