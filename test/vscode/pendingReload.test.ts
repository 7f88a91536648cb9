import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Uri } from 'vscode';
import { append, change, eventually, showFile, textOn } from './editsSupport';
import { agentId, PendingFixture } from './pendingSupport';

const base = 'one\ntwo\nthree\nfour\nfive\n';
const now = 'one\n2\nthree\nfour\nfive\nsix\n';

describe('pending hunks over reload and crash', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  it('a reload goes on where it was, typing in between included', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    const id = fixture.hunks(file)[0]?.id;
    await fixture.parts.close();
    writeFileSync(file, `zero\n${now}`);
    await fixture.reload(true);
    assert.deepEqual(fixture.shown(file), ['two\n>2\n', '>six\n']);
    assert.equal(fixture.hunks(file)[0]?.id, id);
    await fixture.reject(file, 0);
    assert.equal(textOn(file), `zero\n${now.replace('2\n', 'two\n')}`);
  });

  it('what landed is on disk before anybody could be killed', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    await fixture.accept(file, 0);
    const [stored = ''] = fixture.stored();
    assert.match(stored, /six/);
    const old = fixture.parts;
    await fixture.reload(true);
    assert.deepEqual(fixture.shown(file), ['>six\n']);
    await old.close();
  });

  for (const [what, after, isLanded] of [
    ['an edit', now, true],
    ['an edit', now, false],
    ['a deletion', undefined, true],
    ['a deletion', undefined, false],
  ] as const)
    it(`${what} that was ${isLanded ? '' : 'not '}on disk when the window died is ${isLanded ? '' : 'not '}pending`, async () => {
      const file = fixture.write(base);
      const consent = { kind: 'pending', agentId, turnId: 'turn-1' as never } as const;
      const landing = { kind: 'nothing', display: 'x', uri: Uri.file(file) } as const;
      const one = change(file, base, after);
      const kind = after === undefined ? 'delete' : 'bytes';
      const bytes = Buffer.from(base);
      await fixture.parts.witness.expect(consent, [
        {
          change: one,
          landing: kind === 'delete' ? { ...landing, kind, bytes } : { ...landing, kind, before: bytes, after: bytes },
        },
      ]);
      const old = fixture.parts;
      if (isLanded && after !== undefined) writeFileSync(file, after);
      if (isLanded && after === undefined) rmSync(file);
      await fixture.reload(true);
      assert.equal(fixture.hunks(file).length, isLanded ? (after === undefined ? 1 : 2) : 0);
      await eventually('the note is as it should be', () => fixture.stored().length === (isLanded ? 1 : 0));
      await fixture.parts.reviews.reject({ kind: 'all' }, '');
      assert.equal(textOn(file), base);
      await old.close();
    });

  it('a note that nobody can read is set aside and said', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    const folder = fixture.storedFolder();
    await fixture.parts.close();
    writeFileSync(path.join(folder, 'file%2ex.json'), '{"display":"src/broken.ts","review":');
    await fixture.reload(true);
    assert.match(fixture.warnings.join(), /src\/broken\.ts/);
    assert.equal(existsSync(path.join(folder, 'file%2ex.json.damaged')), true);
    rmSync(path.join(folder, 'file%2ex.json.damaged'));
    assert.deepEqual(fixture.shown(file), ['two\n>2\n', '>six\n']);
  });

  it('two windows on one folder keep each other’s files, and the later decision counts', async () => {
    const [one, two] = [fixture.write(base), fixture.write(base)];
    await fixture.land(one, base, now);
    const other = fixture.makeParts();
    await other.ready;
    await fixture.land(two, base, now);
    assert.ok(other.reviews.file(Uri.file(one)));
    await other.reviews.accept({ kind: 'file', uri: Uri.file(one) });
    assert.equal(fixture.stored().length, 1);
    await fixture.land(one, now, now.replace('four', '4'), 'turn-2');
    assert.deepEqual(fixture.shown(one), ['four\n>4\n']);
    assert.deepEqual(fixture.shown(two), ['two\n>2\n', '>six\n']);
    await other.close();
  });

  it('what another window decides is not undone by what is typed here at that moment', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    const other = fixture.makeParts();
    await other.ready;
    const editor = await showFile(file);
    await append(editor, 'mine\n');
    await other.reviews.accept({ kind: 'file', uri: Uri.file(file) });
    await fixture.shows(file, []);
    assert.deepEqual(fixture.stored(), []);
    await other.close();
  });

  it('accepting what another window has added to meanwhile leaves what is new', async () => {
    const file = fixture.write(base);
    const other = fixture.makeParts();
    await other.ready;
    await fixture.land(file, base, now);
    const ids = fixture.hunks(file).map(({ id }) => id);
    await fixture.landOver(other, change(file, now, now.replace('four', '4')));
    await fixture.parts.reviews.accept({ kind: 'hunks', uri: Uri.file(file), ids });
    assert.deepEqual(fixture.shown(file), ['four\n>4\n']);
    assert.equal(fixture.stored().length, 1);
    await other.close();
  });

  it('two windows that look at the same file leave each other’s notes as they are', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    const [stored] = fixture.stored();
    const other = fixture.makeParts();
    await other.ready;
    await other.close();
    const stampOf = (): number =>
      statSync(path.join(fixture.storedFolder(), readdirSync(fixture.storedFolder())[0] ?? '')).ino;
    const stamp = stampOf();
    await fixture.reload(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual([fixture.stored()[0], stampOf()], [stored, stamp]);
  });
});
