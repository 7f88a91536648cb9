import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readdir, readFile, realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { AgentError } from '../../src/core/errors';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../src/node/localSandbox';
import { systemCodeOf } from '../../src/node/systemError';
import { buildChildProgram, type ChildProgram } from '../support/childProgram';
import { randomOf, seed } from '../support/random';
import { neverAborted } from '../support/refusal';
import { isLong } from '../support/share';
import { useTempFolder } from '../support/tempFolder';

const signal = neverAborted;
const runMs = isLong ? 20_000 : 2_000;

describe('Symbolic links swapped between check and use', function () {
  this.timeout(runMs + 30_000);
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/support/linkSwapper.ts');
  });
  after(() => program.remove());

  it(`lead nothing that is read or written out of the workspace, nor into its secrets (seed ${seed})`, async function () {
    // Elsewhere a folder cannot be held while its path changes: there only the checks stand.
    if (process.platform !== 'linux') this.skip();
    await temp.write({
      ...{ 'ws/d/f': 'inside', 'ws/f': 'inside', 'ws/g': 'inside', 'ws/e/config': 'inside' },
      ...{ 'ws/.aws/config': 'SECRET', 'outside/f': 'SECRET', 'outside/g': 'SECRET' },
    });
    const counts = await whileSwapping([`d=${at('outside')}`, `f=${at('outside/f')}`, 'g=nowhere', 'e=.aws'], (until) =>
      tryEverything(new LocalSandbox({ workDir: at('ws') }), until),
    );
    console.log(`      ${JSON.stringify(counts)}`);
    assert.equal(counts.leaks, 0);
    assert.deepEqual((await readdir(at('outside'))).sort(), ['f', 'g'], 'nothing was created outside');
    assert.equal(await readFile(at('outside/f'), 'utf8'), 'SECRET');
    assert.equal(await readFile(at('ws/.aws/config'), 'utf8'), 'SECRET');
    assert.deepEqual(await readdir(at('ws/.aws')), ['config']);
    assert.ok(counts.read > 50 && counts.written > 5 && counts.refused > 50, 'all three happened');
    assert.ok(counts.naiveLeaks > 0, 'the control, which checks and then opens, leaks: this test can fail');
  });

  interface Counts {
    read: number;
    written: number;
    refused: number;
    leaks: number;
    naiveLeaks: number;
  }

  async function whileSwapping(links: readonly string[], work: (until: number) => Promise<Counts>): Promise<Counts> {
    const child = program.start([at('ws'), String(seed), ...links]);
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    try {
      return await work(performance.now() + runMs);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  }

  async function tryEverything(box: LocalSandbox, until: number): Promise<Counts> {
    const counts: Counts = { read: 0, written: 0, refused: 0, leaks: 0, naiveLeaks: 0 };
    const random = randomOf(seed + 1);
    // A control that has not leaked yet gets more time, on its own.
    const controlOnly = (): boolean => performance.now() >= until && counts.naiveLeaks === 0;
    while (performance.now() < until || (controlOnly() && performance.now() < until + 15_000)) {
      const name = random.pick(['d/f', 'f', 'g', 'e/config', 'd/new/deep', 'd', 'e']);
      const step = controlOnly() ? 'naive' : random.pick(['read', 'read', 'start', 'list', 'write', 'naive'] as const);
      try {
        if (step === 'naive') counts.naiveLeaks += Number(await naiveRead(name));
        else if (step === 'write') counts.written += Number(await write(box, name));
        else {
          const seen = await look(box, name, step);
          counts.read += Number(seen.length > 0);
          counts.leaks += Number(seen.includes('SECRET'));
        }
      } catch (error) {
        assert.ok(error instanceof AgentError || systemCodeOf(error) !== undefined, String(error));
        counts.refused += 1;
      }
    }
    return counts;
  }

  /** What a look at a path showed; nothing where a person would be asked first. */
  async function look(box: LocalSandbox, name: string, step: 'read' | 'start' | 'list'): Promise<string> {
    const { path: real, guarded } = await box.files.resolve(name, signal);
    if (guarded) return '';
    if (step === 'read') return (await box.files.readText(real, signal)).text;
    if (step === 'start') return Buffer.from(await box.files.readStart(real, 100, signal)).toString();
    const entries = await box.files.list(real, signal);
    // Of the folders that a link leads to only `outside` holds a g.
    return entries.some((entry) => entry.name === 'g') ? 'SECRET' : entries.map((entry) => entry.name).join();
  }

  async function write(box: LocalSandbox, name: string): Promise<boolean> {
    const { path: real, guarded, exists } = await box.files.resolve(name, signal);
    if (guarded || name === 'd' || name === 'e') return false;
    await box.edits.apply({ kind: 'unasked' }, [changeOf(real, exists ? 'inside' : undefined, 'inside')], signal);
    return true;
  }

  function changeOf(
    real: WorkspacePath,
    before: string | undefined,
    after: string,
  ): Parameters<LocalSandbox['edits']['apply']>[1][number] {
    return { path: real, display: 'it', before, after };
  }

  /** As one would write it at first: where does it lead, is that inside, then open it. */
  async function naiveRead(name: string): Promise<boolean> {
    const real = await realpath(path.join(at('ws'), name));
    if (!real.startsWith(`${at('ws')}/`) || real.includes('.aws')) return false;
    return (await readFile(real, 'utf8')).includes('SECRET');
  }
});
