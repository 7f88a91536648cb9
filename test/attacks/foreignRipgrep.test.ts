import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { LocalSandbox } from '../../src/node/localSandbox';
import { findRipgrep } from '../../src/node/search/findRipgrep';
import { RipgrepFailure, runRipgrep } from '../../src/node/search/runRipgrep';
import { neverAborted } from '../support/refusal';
import { ripgreps } from '../support/ripgrep';
import { useTempFolder } from '../support/tempFolder';

describe('attack: a search that runs what the workspace brought', function () {
  if (process.platform === 'win32') return;
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const program = (name: string, line: string): Promise<void> =>
    temp.write({ [name]: `#!/bin/sh\n${line}\n` }).then(() => chmodSync(at(name), 0o755));
  const poser = (name: string): Promise<void> => program(name, `touch '${at('ran')}'; echo 'ripgrep 15.0.0'`);

  it('takes no program out of the workspace, by PATH, by a link or as part of an installation', async () => {
    await poser('ws/bin/rg');
    await poser('ws/app/node_modules/@vscode/ripgrep/bin/rg');
    await temp.write({ 'links/keep': '' });
    symlinkSync(at('ws/bin/rg'), at('links/rg'));
    const searchPath = [at('ws/bin'), 'bin', '', '.', at('links'), path.relative(process.cwd(), at('ws/bin'))].join(
      ':',
    );
    assert.equal(await findRipgrep({ appRoot: at('ws/app'), searchPath, never: [at('ws')] }), undefined);
    assert.ok(!existsSync(at('ran')));
  });

  it('takes none that does not run, or is too old, and looks on', async () => {
    await program('old/rg', "echo 'ripgrep 13.0.0'");
    await program('broken/rg', 'exit 1');
    await poser('good/rg');
    const searchPath = ['old', 'broken', 'missing', 'good'].map(at).join(':');
    assert.equal(await findRipgrep({ searchPath, never: [at('ws')] }), at('good/rg'));
  });

  it('finds without it what it fails to find', async () => {
    await program('bad/rg', 'case "$*" in *--version*) echo \'ripgrep 15.0.0\';; *) echo broken >&2; exit 2;; esac');
    await temp.write({ 'ws/a.ts': 'needle' });
    const { search } = new LocalSandbox({ workDir: at('ws'), ripgrep: { searchPath: at('bad') } });
    assert.deepEqual((await search.glob({ pattern: '**', cwd: undefined, dot: true, limit: 9 }, neverAborted)).paths, [
      'a.ts',
    ]);
  });

  it('obeys no settings of the user or the workspace, and hands no environment on', async () => {
    await program('env/rg', `env > '${at('seen')}'; echo "$@" >> '${at('seen')}'`);
    await runRipgrep({ file: at('env/rg'), cwd: temp.path, args: ['--files'] }, () => undefined, neverAborted);
    const seen = execFileSync('cat', [at('seen')], { encoding: 'utf8' });
    assert.match(seen, /--no-config/);
    assert.doesNotMatch(seen, /RIPGREP_CONFIG_PATH|HOME=/);
  });

  it('ends one that eats the memory', async () => {
    const [ripgrep] = ripgreps;
    if (!ripgrep || process.platform !== 'linux') return;
    symlinkSync('/dev/zero', at('.gitignore'));
    const run = { file: ripgrep.file, cwd: temp.path, args: ['--files', '--no-require-git'] };
    await assert.rejects(
      runRipgrep(run, () => undefined, neverAborted),
      RipgrepFailure,
    );
  }).timeout(40_000);

  it('is stopped while it waits for an ignore file that is a pipe', async () => {
    const [ripgrep] = ripgreps;
    if (!ripgrep) return;
    execFileSync('mkfifo', [at('.gitignore')]);
    const { search } = new LocalSandbox({ workDir: temp.path, ripgrep: ripgrep.option });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 500);
    const start = performance.now();
    const request = { pattern: '**', cwd: undefined, dot: true, limit: 9 };
    await assert.rejects(search.glob(request, stop.signal), /stopped/);
    assert.ok(performance.now() - start < 1_500);
  });
});
