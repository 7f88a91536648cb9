import { strict as assert } from 'node:assert';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { Uri } from 'vscode';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { append, change, showFile, textOn } from './editsSupport';
import { PendingFixture } from './pendingSupport';

const base = 'one\ntwo\nthree\nfour\nfive\n';
const now = 'one\n2\nthree\nfour\nfive\nsix\n';

describe('new, deleted and renamed files that are pending', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  it('a new file is one hunk; rejecting it takes the file away', async () => {
    const file = fixture.fresh();
    await fixture.land(file, undefined, 'new\nfile\n');
    assert.equal(fixture.pending(file)?.kind, 'created');
    assert.deepEqual(fixture.shown(file), ['>new\nfile\n']);
    await fixture.reject(file, 0);
    assert.equal(existsSync(file), false);
    assert.deepEqual(fixture.parts.reviews.files, []);
  });

  it('what the user has typed below a new file’s text stays when the hunk is rejected', async () => {
    const file = fixture.fresh();
    await fixture.land(file, undefined, 'new\n');
    const editor = await showFile(file);
    await append(editor, 'mine\n');
    await editor.document.save();
    await fixture.shows(file, ['>new\n']);
    await fixture.reject(file, 0);
    assert.equal(textOn(file), 'mine\n');
  });

  it('a new file with the user’s typing inside is theirs to take away', async () => {
    const file = fixture.fresh();
    await fixture.land(file, undefined, 'new\nfile\n');
    const editor = await showFile(file);
    await editor.edit((builder) => builder.insert(editor.document.positionAt(1), '!'));
    await editor.document.save();
    await fixture.shows(file, ['>n!ew\nfile\n*']);
    await fixture.reject(file, 0);
    assert.equal(existsSync(file), false);
    assert.equal(fixture.judgments[0]?.touched, true);
  });

  it('an empty new file waits too', async () => {
    const file = fixture.fresh();
    await fixture.land(file, undefined, '');
    assert.equal(fixture.pending(file)?.kind, 'created');
    await fixture.parts.reviews.reject({ kind: 'file', uri: Uri.file(file) }, '');
    assert.equal(existsSync(file), false);
  });

  it('a deleted file comes back with its bytes and its mode', async () => {
    const bytes = Buffer.from('\uFEFFone\r\ntwo\nthree');
    const file = fixture.write(bytes);
    chmodSync(file, 0o755);
    await fixture.land(file, 'one\r\ntwo\nthree', undefined);
    assert.equal(existsSync(file), false);
    assert.equal(fixture.pending(file)?.kind, 'deleted');
    await fixture.reload();
    await fixture.reject(file, 0);
    assert.deepEqual(readFileSync(file), bytes);
    assert.equal(statSync(file).mode & 0o777, 0o755);
    assert.deepEqual(fixture.parts.reviews.files, []);
  });

  it('a deletion of a file with pending hunks brings back what was countersigned', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    await fixture.accept(file, 0);
    await fixture.land(file, now, undefined, 'turn-2');
    await fixture.parts.reviews.reject({ kind: 'file', uri: Uri.file(file) }, '');
    assert.equal(textOn(file), 'one\n2\nthree\nfour\nfive\n');
  });

  it('a file that was made and deleted again leaves nothing to judge', async () => {
    const file = fixture.fresh();
    await fixture.land(file, undefined, 'x\n');
    await fixture.land(file, 'x\n', undefined);
    assert.deepEqual(fixture.parts.reviews.files, []);
    assert.deepEqual(fixture.stored(), []);
  });

  it('both halves of a renaming are decided together', async () => {
    for (const decision of ['accept', 'reject'] as const) {
      const [old, fresh] = [fixture.write('text\n'), fixture.fresh()];
      const moved = { ...change(fresh, undefined, 'text!\n'), movedFrom: old as WorkspacePath };
      await fixture.landAll([change(old, 'text\n', undefined), moved]);
      assert.equal(fixture.pending(fresh)?.movedFrom, path.basename(old));
      assert.equal(fixture.parts.reviews.files.length, 2);
      if (decision === 'accept') await fixture.accept(fresh, 0);
      else await fixture.reject(fresh, 0);
      assert.deepEqual([existsSync(old), existsSync(fresh)], decision === 'accept' ? [false, true] : [true, false]);
      assert.deepEqual(fixture.parts.reviews.files, []);
    }
  });

  it('a file that is moved twice comes back to its first place', async () => {
    const [old, mid, fresh] = [fixture.write('text\n'), fixture.fresh(), fixture.fresh()];
    await fixture.landAll([
      change(old, 'text\n', undefined),
      { ...change(mid, undefined, 'text\n'), movedFrom: old as WorkspacePath },
    ]);
    await fixture.landAll([
      change(mid, 'text\n', undefined),
      { ...change(fresh, undefined, 'text\n'), movedFrom: mid as WorkspacePath },
    ]);
    assert.equal(fixture.pending(fresh)?.movedFrom, path.basename(old));
    await fixture.reject(fresh, 0);
    assert.deepEqual(
      [old, mid, fresh].map((file) => existsSync(file)),
      [true, false, false],
    );
  });
});
