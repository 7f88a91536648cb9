import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { CommandJudgment, WorkspacePath } from '../../../src/core/sandbox/sandbox';
import { judgeCommand } from '../../../src/node/commands/judgeCommand';
import { findShell } from '../../../src/node/commands/shell';
import { PathBox } from '../../../src/node/pathBox';
import { writeFiles } from '../../support/tempFolder';

describe('Whether a search by command may run unasked', () => {
  let outer: string;
  let folder: string;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    outer = await realpath(await mkdtemp(path.join(tmpdir(), 'countersign-guard-')));
    folder = path.join(outer, 'ws');
    await writeFiles(folder, { 'a.txt': 'one\n', 'sub/b.ts': 'two\n', '.env': 'KEY=1\n', '.gitignore': '.env\n' });
    execFileSync('git', ['init', '-q', folder]);
  });
  afterEach(() => rm(outer, { recursive: true, force: true }));

  const judge = (command: string): Promise<CommandJudgment> =>
    judgeCommand(
      { command, cwd: folder as WorkspacePath },
      { box: new PathBox({ roots: [{ name: 'ws', path: folder }] }), shell: findShell() },
      new AbortController().signal,
    );
  const isHarmless = async (command: string): Promise<void> => {
    assert.deepEqual(await judge(command), { kind: 'harmless' }, command);
  };
  const asked = async (command: string, reason: RegExp): Promise<void> => {
    const judgment = await judge(command);
    assert.ok(judgment.kind === 'ask', `${command} is ${judgment.kind}`);
    assert.match(judgment.reasons.join('\n'), reason, command);
  };

  it('rules that are above the workspace hold in it too', async () => {
    execFileSync('git', ['init', '-q', outer]);
    await rm(path.join(folder, '.git'), { recursive: true });
    writeFileSync(path.join(folder, 'server.pem'), 'key\n');
    await asked('rg x', /server\.pem/);
    writeFileSync(path.join(outer, '.gitignore'), '*.pem\n');
    await isHarmless('rg x');
    writeFileSync(path.join(outer, '.ignore'), '!.env\n');
    await asked('rg x', /\.env/);
  });

  it('grep is asked where it would read a key or a login, and only there', async () => {
    await asked('grep -rn x .', /\.env/);
    await asked('grep -rn x', /\.env/);
    await isHarmless('grep -rn x sub');
    await isHarmless('grep -rn x --include="*.ts" .');
    await rm(path.join(folder, '.env'));
    writeFileSync(path.join(folder, '.npmrc'), 'engine-strict=true\n');
    await isHarmless('grep -rn x .');
    writeFileSync(path.join(folder, '.npmrc'), '//registry.npmjs.org/:_authToken=abc\n');
    await asked('grep -rn x .', /\.npmrc/);
    await isHarmless('rg x');
  });

  it('an ignore file made to take very long does not', async () => {
    const deep = 'a/'.repeat(60);
    await writeFiles(folder, {
      '.gitignore': `${'/**/a'.repeat(7)}/**/b\n${'*a'.repeat(9)}b\n.env\n`,
      [`${deep}x`]: 'hi',
      ['a'.repeat(200)]: 'hi',
    });
    const started = performance.now();
    await isHarmless(`rg hi ${deep}`);
    await isHarmless('rg hi');
    assert.ok(performance.now() - started < 3_000);
  });

  it('all searches of one line have one budget', async () => {
    await writeFiles(folder, Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`d${at}/x`, ''])));
    for (let at = 0; at < 20; at += 1)
      await writeFiles(folder, Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`e${at}/${i}`, ''])));
    await isHarmless(Array.from({ length: 40 }, () => 'rg x').join('; '));
    const started = performance.now();
    await judge(Array.from({ length: 200 }, (_, at) => `rg x ${'./'.repeat(at)}.`).join('; '));
    assert.ok(performance.now() - started < 3_000);
  });
});
