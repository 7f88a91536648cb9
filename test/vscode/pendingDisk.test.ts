import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { ConfigurationTarget, Uri, window, workspace } from 'vscode';
import { baseOf } from '../../src/core/edits/review';
import { documentOf, eventually, hexOn, refusal, showFile, textOn } from './editsSupport';
import { PendingFixture } from './pendingSupport';

const base = 'one\ntwo\nthree\nfour\nfive\n';
const now = 'one\n2\nthree\nfour\nfive\nsix\n';

describe('pending hunks and the disk', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  describe('changes from outside', () => {
    for (const shown of [true, false])
      it(`what another program writes is its own, ${shown ? 'in an editor' : 'in a file that nobody looks at'}`, async () => {
        const file = fixture.write(base);
        if (shown) await showFile(file);
        await fixture.land(file, base, now);
        writeFileSync(file, now.replace('one', 'zero\n1').replace('four', '4'));
        await eventually('it is followed', () =>
          baseOf(fixture.pending(file)?.review ?? { segments: [], nextId: 1 }).includes('zero'),
        );
        assert.deepEqual(fixture.shown(file), ['two\n>2\n', '>six\n']);
        await eventually('the editor follows', () => documentOf(file)?.getText().includes('zero') ?? true);
        // Until then the editor takes its own text for older than the file, and refuses to save.
        await new Promise((resolve) => setTimeout(resolve, 500));
        await fixture.reject(file, 0);
        assert.equal(textOn(file), 'zero\n1\ntwo\nthree\n4\nfive\nsix\n');
      });

    it('hunks that another program takes away wait no longer, and come back with their text', async () => {
      const file = fixture.write(base);
      await showFile(file);
      await fixture.land(file, base, now);
      writeFileSync(file, base);
      await fixture.shows(file, []);
      await eventually('the editor follows', () => documentOf(file)?.getText() === base);
      writeFileSync(file, now);
      await fixture.shows(file, ['two\n>2\n', '>six\n']);
    });

    it('a file that is deleted outside is gone until it comes back', async () => {
      const file = fixture.write(base);
      await fixture.land(file, base, now);
      unlinkSync(file);
      await eventually('gone', () => fixture.pending(file)?.state === 'gone');
      writeFileSync(file, now);
      await eventually('here', () => fixture.pending(file)?.state === 'here');
      assert.deepEqual(fixture.shown(file), ['two\n>2\n', '>six\n']);
      unlinkSync(file);
      await eventually('gone', () => fixture.pending(file)?.state === 'gone');
      await fixture.reject(file, 0);
      assert.equal(textOn(file), base);
      assert.equal(fixture.pending(file), undefined);
    });

    it('accepting a file that is gone forgets it', async () => {
      const file = fixture.write(base);
      await fixture.land(file, base, now);
      unlinkSync(file);
      await eventually('gone', () => fixture.pending(file)?.state === 'gone');
      await fixture.parts.reviews.accept({ kind: 'file', uri: Uri.file(file) });
      assert.deepEqual(fixture.parts.reviews.files, []);
      assert.equal(existsSync(file), false);
    });

    it('a deleted file that somebody brings back is not deleted any more', async () => {
      const file = fixture.write(base);
      await fixture.land(file, base, undefined);
      writeFileSync(file, base);
      await eventually('nothing waits', () => fixture.pending(file) === undefined);
      assert.equal(textOn(file), base);
    });

    it('nothing is put back through a link that somebody has put in the place of the file', async () => {
      const file = fixture.write(base);
      const other = fixture.write(now);
      await fixture.land(file, base, now);
      rmSync(file);
      symlinkSync(other, file);
      await refusal(fixture.parts.reviews.reject({ kind: 'file', uri: Uri.file(file) }, ''));
      assert.equal(textOn(other), now);
      unlinkSync(file);
      writeFileSync(file, now);
    });
  });

  describe('bytes', () => {
    const cases: readonly (readonly [string, string, string, string])[] = [
      ['CRLF', 'one\r\ntwo\r\nthree\r\n', 'one\r\n2\r\nthree\r\nfour\r\n', ''],
      ['mixed line ends', 'one\r\ntwo\nthree\rthree\nfour\r\n', 'one\r\n2\nthree\rthree\nfour\r\nfive\n', ''],
      ['a byte order mark', 'one\ntwo\nthree\n', 'one\n2\nthree\nfour\n', '\uFEFF'],
      ['no line end at the end', 'one\ntwo\nthree\nlast', 'one\n2\nthree\nlast!', ''],
    ];
    for (const [name, old, fresh, mark] of cases)
      for (const isShown of [true, false])
        it(`rejecting gives back exactly the bytes of the hunk: ${name}, ${isShown ? 'shown' : 'closed'}`, async () => {
          const file = fixture.write(mark + old);
          const hex = hexOn(file);
          if (isShown) await showFile(file);
          await fixture.land(file, old, fresh);
          assert.equal(hexOn(file), Buffer.from(mark + fresh).toString('hex'));
          assert.equal(fixture.hunks(file).length, 2);
          await eventually('the editor shows it', () => documentOf(file)?.getText().includes('2') ?? true);
          await fixture.reject(file, 0);
          assert.match(textOn(file), /two/);
          assert.equal(fixture.hunks(file).length, 1);
          await eventually('the editor shows it', () => documentOf(file)?.getText().includes('two') ?? true);
          await fixture.reject(file, 0);
          assert.equal(hexOn(file), hex);
        });

    it('rejecting in a CP1252 file gives back its bytes', async () => {
      const bytes = Buffer.from('gr\xf6\xdfe\r\ntwo\r\nlast', 'latin1');
      const settings = workspace.getConfiguration('files');
      await settings.update('encoding', 'windows1252', ConfigurationTarget.Workspace);
      try {
        const file = fixture.write(bytes);
        await fixture.land(file, 'größe\r\ntwo\r\nlast', 'kürze\r\n2\r\nlast');
        assert.deepEqual(readFileSync(file), Buffer.from('k\xfcrze\r\n2\r\nlast', 'latin1'));
        await fixture.reject(file, 0);
        assert.deepEqual(readFileSync(file), bytes);
      } finally {
        await settings.update('encoding', undefined, ConfigurationTarget.Workspace);
      }
    });

    it('a file that the user opened as CP1252 keeps that for its hunks', async () => {
      const bytes = Buffer.from('gr\xf6\xdfe\r\ntwo\r\nlast', 'latin1');
      const file = fixture.write(bytes);
      const document = await workspace.openTextDocument(Uri.file(file), { encoding: 'windows1252' });
      await window.showTextDocument(document, { preview: false });
      await fixture.land(file, 'größe\r\ntwo\r\nlast', 'kürze\r\ntwo\r\nlast!');
      await fixture.reject(file, 0);
      await fixture.reject(file, 0);
      assert.deepEqual(readFileSync(file), bytes);
    });
  });
});
