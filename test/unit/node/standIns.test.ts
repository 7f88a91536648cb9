import { strict as assert } from 'node:assert';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { StandInClaims } from '../../../src/node/commands/containment/standInClaims';
import { StandIns } from '../../../src/node/commands/containment/standIns';
import { neverAborted } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

describe('The stand-ins for protected files', () => {
  const temp = useTempFolder();
  const claims = (): string => path.join(temp.path, 'claims');
  const root = (): string => path.join(temp.path, 'root');
  const npmrc = (): string => path.join(root(), '.npmrc');
  let standIns: StandIns;
  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip();
    await temp.write({ 'root/a.txt': 'a' });
    standIns = new StandIns([root()], new StandInClaims(claims()));
  });

  const runCommand = async (user: string): Promise<void> => {
    await standIns.enter(user, neverAborted);
    standIns.add([
      { path: npmrc(), isFolder: false },
      { path: path.join(root(), '.vscode'), isFolder: true },
    ]);
  };
  /** What a window in another process has written. */
  const claimOf = (processId: number | 'gone', claim: object): string => {
    const stat = readFileSync(`/proc/${processId === 'gone' ? process.pid : processId}/stat`, 'latin1');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const file = path.join(claims(), `${processId === 'gone' ? 4_194_305 : processId}-${start}-x.json`);
    writeFileSync(file, JSON.stringify({ roots: [], standIns: [], isEnding: false, ...claim }));
    return file;
  };
  const names = (): readonly string[] => readdirSync(root()).sort();

  it('are there from the first command to the last, and no claim stays', async () => {
    await runCommand('one');
    await runCommand('two');
    assert.deepEqual(names(), ['.npmrc', '.vscode', 'a.txt']);
    standIns.leave('one');
    assert.deepEqual([names(), standIns.all.length], [['.npmrc', '.vscode', 'a.txt'], 2]);
    standIns.leave('two');
    assert.deepEqual([names(), standIns.all.length], [['a.txt'], 0]);
    assert.deepEqual(readdirSync(claims()), []);
  });

  it('go with the folders they lie in, which the command before made', async () => {
    await runCommand('one');
    await standIns.enter('two', neverAborted);
    standIns.add([{ path: path.join(root(), '.vscode/tasks.json'), isFolder: false }]);
    standIns.leave('one');
    standIns.leave('two');
    assert.deepEqual(names(), ['a.txt']);
  });

  it('stay while another process runs commands there, in a folder above or below, and go with the next one', async () => {
    await runCommand('one');
    const claim = claimOf(process.ppid, { roots: [temp.path] });
    standIns.leave('one');
    assert.deepEqual(names(), ['.npmrc', '.vscode', 'a.txt']);
    rmSync(claim);
    await runCommand('two');
    standIns.leave('two');
    assert.deepEqual([names(), readdirSync(claims())], [['a.txt'], []]);
  });

  it('of a process that was killed are taken away', async () => {
    await runCommand('one');
    const left = path.join(root(), '.envrc');
    writeFileSync(left, '');
    const { ino, mtimeMs } = lstatSync(left);
    claimOf('gone', { roots: [root()], standIns: [{ path: left, inode: ino, modifiedMs: mtimeMs }] });
    standIns.leave('one');
    assert.deepEqual([names(), readdirSync(claims())], [['a.txt'], []]);
  });

  it('are somebody’s own once they were filled or replaced', async () => {
    await runCommand('one');
    writeFileSync(path.join(root(), '.vscode/settings.json'), '{}');
    rmSync(npmrc());
    writeFileSync(npmrc(), '');
    standIns.leave('one');
    assert.ok(existsSync(path.join(root(), '.vscode/settings.json')) && existsSync(npmrc()));
  });

  it('are not looked for while another process takes its own away', async () => {
    await runCommand('one');
    const claim = claimOf(process.ppid, { isEnding: true });
    let isReady = false;
    const entering = standIns.enter('two', neverAborted).then(() => (isReady = true));
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(isReady, false);
    rmSync(claim);
    await entering;
    for (const user of ['one', 'two']) standIns.leave(user);
  });
});
