import { strict as assert } from 'node:assert';
import { chmod, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { FileChange } from '../../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

const signal = neverAborted;

describe('LocalEdits', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const box = (): LocalSandbox => new LocalSandbox({ workDir: temp.path });
  async function change(name: string, before: string | undefined, after: string | undefined): Promise<FileChange> {
    const { path: real, display } = await box().files.resolve(name, signal);
    return { path: real, display, before, after };
  }
  const apply = async (...changes: readonly FileChange[]): Promise<unknown> =>
    box().edits.apply({ kind: 'unasked' }, changes, signal);
  const textOf = (name: string): Promise<string> => readFile(at(name), 'utf8');

  it('replaces, creates with folders and deletes, and leaves nothing beside the files', async () => {
    await temp.write({ 'a.ts': 'old', 'gone.ts': 'bye' });
    const result = await apply(
      await change('a.ts', 'old', 'new'),
      await change('x/y/b.ts', undefined, 'b'),
      await change('gone.ts', 'bye', undefined),
    );
    assert.deepEqual(result, [
      { display: 'a.ts', after: 'new' },
      { display: 'x/y/b.ts', after: 'b' },
      { display: 'gone.ts', after: undefined },
    ]);
    assert.deepEqual(await readdir(temp.path), ['a.ts', 'x']);
    assert.deepEqual([await textOf('a.ts'), await textOf('x/y/b.ts')], ['new', 'b']);
    assert.deepEqual(await readdir(at('x/y')), ['b.ts']);
  });

  it('keeps the mode of a file', async () => {
    await temp.write({ 'run.sh': 'old' });
    await chmod(at('run.sh'), 0o755);
    await apply(await change('run.sh', 'old', 'new'));
    assert.equal((await stat(at('run.sh'))).mode & 0o777, 0o755);
  });

  it('keeps encoding and byte order mark', async () => {
    const cases = {
      'utf8.txt': Buffer.from('ä'),
      'bom.txt': Buffer.from('\ufeffä'),
      'le.txt': Buffer.from('\ufeffä', 'utf16le'),
      'be.txt': Buffer.from('\ufeffä', 'utf16le').swap16(),
    };
    await temp.write(cases);
    for (const name of Object.keys(cases)) await apply(await change(name, 'ä', 'ö😀'));
    assert.deepEqual(await readFile(at('utf8.txt')), Buffer.from('ö😀'));
    assert.deepEqual(await readFile(at('bom.txt')), Buffer.from('\ufeffö😀'));
    assert.deepEqual(await readFile(at('le.txt')), Buffer.from('\ufeffö😀', 'utf16le'));
    assert.deepEqual(await readFile(at('be.txt')), Buffer.from('\ufeffö😀', 'utf16le').swap16());
  });

  it('changes no byte beside the change: line ends, blanks at the end, no final line end', async () => {
    await temp.write({ 'a.txt': 'one \r\ntwo\nthree\r' });
    await apply(await change('a.txt', 'one \r\ntwo\nthree\r', 'one \r\n2\nthree\r'));
    assert.equal(await textOf('a.txt'), 'one \r\n2\nthree\r');
  });

  it('refuses a file that changed since it was read, that is gone, or that is there by now', async () => {
    await temp.write({ 'a.ts': 'changed', 'there.ts': '' });
    await refusalOf('stale', apply(await change('a.ts', 'planned', 'new')));
    await refusalOf('stale', apply(await change('gone.ts', 'x', 'y')));
    await refusalOf('already_exists', apply(await change('there.ts', undefined, 'new')));
    assert.deepEqual([await textOf('a.ts'), await textOf('there.ts')], ['changed', '']);
  });

  it('applies all changes or none: nothing is left of those before a refused one', async () => {
    await temp.write({ 'a.ts': 'a', 'b.ts': 'b' });
    await refusalOf(
      'stale',
      apply(
        await change('a.ts', 'a', 'A'),
        await change('new/c.ts', undefined, 'c'),
        await change('b.ts', 'other', 'B'),
      ),
    );
    assert.deepEqual(await readdir(temp.path), ['a.ts', 'b.ts']);
    assert.equal(await textOf('a.ts'), 'a');
  });

  it('puts back what was replaced when a later file changes at the last moment', async () => {
    await temp.write({ 'a.ts': 'a', 'gone.ts': 'g' });
    // Two creations of one file pass the first look together; the second one fails when the first has taken its place.
    const twice = await change('x/new.ts', undefined, 'n');
    await chmod(at('a.ts'), 0o640);
    await refusalOf(
      'already_exists',
      apply(await change('a.ts', 'a', 'A'), await change('gone.ts', 'g', undefined), twice, twice),
    );
    assert.deepEqual(await readdir(temp.path), ['a.ts', 'gone.ts']);
    assert.deepEqual([await textOf('a.ts'), await textOf('gone.ts')], ['a', 'g']);
    assert.equal((await stat(at('a.ts'))).mode & 0o777, 0o640);
  });

  it('takes two edits of one file one after the other: the second one is stale', async () => {
    await temp.write({ 'a.ts': 'a' });
    const sandbox = box();
    const [first, second] = [await change('a.ts', 'a', 'first'), await change('a.ts', 'a', 'second')];
    const results = await Promise.allSettled(
      [first, second].map((one) => sandbox.edits.apply({ kind: 'unasked' }, [one], signal)),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.equal(await textOf('a.ts'), 'first');
  });

  it('edits the target of a link and leaves the link', async () => {
    await temp.write({ 'real.ts': 'a' });
    await symlink('real.ts', at('link.ts'));
    await apply(await change('link.ts', 'a', 'b'));
    assert.equal(await textOf('real.ts'), 'b');
    assert.deepEqual(await readdir(temp.path), ['link.ts', 'real.ts']);
  });

  it('refuses what it could not write back: invalid text, binary files, half characters', async () => {
    await temp.write({ 'latin.txt': Buffer.from([0xe4, 0x0a]), 'a.bin': Buffer.from([1, 0, 2]), 'a.ts': 'a' });
    await refusalOf('unsupported_encoding', apply(await change('latin.txt', 'ä\n', 'b')));
    await refusalOf('binary', apply(await change('a.bin', 'x', 'b')));
    await refusalOf('unsupported_encoding', apply(await change('a.ts', 'a', 'half \ud83d')));
    assert.deepEqual(await readFile(at('latin.txt')), Buffer.from([0xe4, 0x0a]));
  });

  it('does not begin when it is aborted', async () => {
    await temp.write({ 'a.ts': 'a' });
    const edit = await change('a.ts', 'a', 'b');
    await assert.rejects(
      box().edits.apply({ kind: 'unasked' }, [edit], AbortSignal.abort(new Error('stopped'))),
      /stopped/,
    );
    assert.equal(await textOf('a.ts'), 'a');
  });

  it('refuses a folder that is a file', async () => {
    await temp.write({ 'a.ts': 'a' });
    await refusalOf('not_a_file', apply(await change('a.ts/b.ts', undefined, 'b')));
  });

  it('goes on after a failed edit', async () => {
    await temp.write({ 'a.ts': 'a' });
    const sandbox = box();
    await assert.rejects(sandbox.edits.apply({ kind: 'unasked' }, [await change('a.ts', 'x', 'y')], signal));
    await sandbox.edits.apply({ kind: 'unasked' }, [await change('a.ts', 'a', 'b')], signal);
    assert.equal(await textOf('a.ts'), 'b');
  });

  it('finds an edit that another program made between plan and write', async () => {
    await temp.write({ 'a.ts': 'a' });
    const edit = await change('a.ts', 'a', 'b');
    await rm(at('a.ts'));
    await writeFile(at('a.ts'), 'theirs');
    await refusalOf('stale', apply(edit));
    assert.equal(await textOf('a.ts'), 'theirs');
  });
});
