import { strict as assert } from 'node:assert';
import {
  ConfigurationTarget,
  commands,
  languages,
  Position,
  Range,
  TextEdit,
  Uri,
  workspace,
  type TextEditor,
} from 'vscode';
import { baseOf, nowOf } from '../../src/core/edits/review';
import { documentOf, eventually, showFile, textOn } from './editsSupport';
import { PendingFixture } from './pendingSupport';

const base = 'one\ntwo\nthree\nfour\nfive\n';
const now = 'one\n2\nthree\nfour\nfive\nsix\n';

describe('pending hunks while the user works in the file', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  async function landed(): Promise<{ file: string; editor: TextEditor }> {
    const file = fixture.write(base);
    const editor = await showFile(file);
    await fixture.land(file, base, now);
    assert.equal(textOn(file), now);
    assert.deepEqual(fixture.shown(file), ['two\n>2\n', '>six\n']);
    return { file, editor };
  }

  const type = async (editor: TextEditor, line: number, character: number, text: string): Promise<void> => {
    assert.ok(await editor.edit((builder) => builder.insert(new Position(line, character), text)));
  };

  const reviewOn = (file: string): { base: string; now: string } => {
    const review = fixture.pending(file)?.review;
    assert.ok(review);
    return { base: baseOf(review), now: nowOf(review) };
  };

  it('typing above, between and below the hunks goes into the baseline and moves them', async () => {
    const { file, editor } = await landed();
    await type(editor, 0, 3, ' and\nmore');
    await type(editor, 4, 0, 'mine\n');
    await type(editor, 8, 0, 'end');
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
    assert.deepEqual(
      fixture.hunks(file).map(({ nowStart }) => nowStart),
      [2, 7],
    );
    assert.equal(reviewOn(file).base, 'one and\nmore\ntwo\nthree\nmine\nfour\nfive\nend');
    assert.equal(reviewOn(file).now, editor.document.getText());
  });

  it('typing inside a hunk makes it the user’s to judge', async () => {
    const { file, editor } = await landed();
    await type(editor, 1, 1, '!');
    await fixture.shows(file, ['two\n>2!\n*', '>six\n']);
    assert.equal(reviewOn(file).base, base);
  });

  it('undoing what was typed inside a hunk makes it the agent’s again', async () => {
    const { file, editor } = await landed();
    await type(editor, 1, 1, '!');
    await fixture.shows(file, ['two\n>2!\n*', '>six\n']);
    await commands.executeCommand('undo');
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
  });

  it('several cursors at once are followed one by one', async () => {
    const { file, editor } = await landed();
    await editor.edit((builder) => {
      builder.insert(new Position(0, 0), 'a');
      builder.insert(new Position(2, 0), 'b');
      builder.insert(new Position(4, 0), 'c');
    });
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
    assert.equal(reviewOn(file).base, 'aone\ntwo\nbthree\nfour\ncfive\n');
  });

  it('undo of the landing takes the hunks away, redo brings exactly them back', async () => {
    const { file } = await landed();
    const ids = fixture.hunks(file).map(({ id }) => id);
    await commands.executeCommand('undo');
    await fixture.shows(file, []);
    assert.equal(documentOf(file)?.getText(), base);
    await commands.executeCommand('redo');
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
    assert.deepEqual(
      fixture.hunks(file).map(({ id }) => id),
      ids,
    );
  });

  it('undo of the landing that was saved leaves nothing pending, and redo still brings the hunks back', async () => {
    const { file, editor } = await landed();
    fixture.seen.landedUnseen([fixture.pending(file)?.display ?? '']);
    await commands.executeCommand('undo');
    await fixture.shows(file, []);
    assert.equal(fixture.seen.unreviewed().length, 1, 'the disk still holds what nobody has seen');
    await editor.document.save();
    await eventually('nothing is unreviewed', () => fixture.seen.unreviewed().length === 0);
    await commands.executeCommand('redo');
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
  });

  it('undo of a reject brings the hunk back, redo takes it again', async () => {
    const { file } = await landed();
    await fixture.reject(file, 0);
    assert.equal(textOn(file), 'one\ntwo\nthree\nfour\nfive\nsix\n');
    assert.deepEqual(fixture.shown(file), ['>six\n']);
    await commands.executeCommand('undo');
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
    await commands.executeCommand('redo');
    await fixture.shows(file, ['>six\n']);
  });

  it('what was accepted stays accepted when a later reject is undone', async () => {
    const { file } = await landed();
    await fixture.reject(file, 1);
    await fixture.accept(file, 0);
    assert.equal(fixture.pending(file), undefined);
    await commands.executeCommand('undo');
    await fixture.shows(file, ['>six\n']);
  });

  it('a hunk that is rejected in unsaved text goes from the buffer and nothing is saved', async () => {
    const { file, editor } = await landed();
    await type(editor, 2, 0, 'mine ');
    await fixture.reject(file, 0);
    assert.equal(editor.document.getText(), 'one\ntwo\nmine three\nfour\nfive\nsix\n');
    assert.equal(editor.document.isDirty, true);
    assert.equal(textOn(file), now);
    await editor.document.save();
    await fixture.shows(file, ['>six\n']);
    assert.equal(textOn(file), 'one\ntwo\nmine three\nfour\nfive\nsix\n');
  });

  it('reverting the file after a reject in unsaved text brings the hunk back with it', async () => {
    const { file, editor } = await landed();
    await type(editor, 2, 0, 'mine ');
    await fixture.reject(file, 0, 1);
    assert.equal(fixture.pending(file), undefined);
    await showFile(file);
    await commands.executeCommand('workbench.action.files.revert');
    assert.equal(editor.document.getText(), now);
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
  });

  it('what formats on save belongs to its hunk inside and to the baseline outside', async () => {
    const file = fixture.write('keep   it\n\n\nx\n', '.formatted');
    const spaces = /[ ]{2,}/g;
    const formatter = languages.registerDocumentFormattingEditProvider(
      { pattern: '**/*.formatted' },
      {
        provideDocumentFormattingEdits: (document) => {
          const whole = new Range(new Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
          return [TextEdit.replace(whole, document.getText().replace(spaces, ' '))];
        },
      },
    );
    const settings = workspace.getConfiguration('editor');
    await settings.update('formatOnSave', true, ConfigurationTarget.Global);
    try {
      await fixture.land(file, 'keep   it\n\n\nx\n', 'keep   it\n\n\nnew    line\n');
      assert.equal(textOn(file), 'keep it\n\n\nnew line\n');
      await fixture.shows(file, ['x\n>new line\n']);
      const editor = await showFile(file);
      await type(editor, 0, 0, 'my   ');
      await editor.document.save();
      await fixture.shows(file, ['x\n>new line\n']);
      assert.equal(reviewOn(file).base, 'my keep it\n\n\nx\n');
    } finally {
      formatter.dispose();
      await settings.update('formatOnSave', undefined, ConfigurationTarget.Global);
    }
  });

  it('a second edit of the agent’s joins the hunks that are there, the user’s own edits stay theirs', async () => {
    const { file, editor } = await landed();
    await type(editor, 3, 0, 'my ');
    const before = editor.document.getText();
    await fixture.land(file, before, before.replace('2\n', '2 and a half\n'), 'turn-2');
    await fixture.shows(file, ['two\n>2 and a half\n', '>six\n']);
    assert.deepEqual(
      fixture.hunks(file).map(({ origin }) => origin),
      ['turn-2', 'turn-1'],
    );
    assert.equal(reviewOn(file).base, 'one\ntwo\nthree\nmy four\nfive\n');
    assert.equal(textOn(file), before.replace('2\n', '2 and a half\n'));
  });

  it('an edit that somebody has allowed is countersigned by that', async () => {
    const { file } = await landed();
    await fixture.pendingEdits.apply(
      { kind: 'unasked' },
      [{ path: file as never, display: 'x', before: now, after: now.replace('four', '4') }],
      new AbortController().signal,
    );
    await fixture.shows(file, ['two\n>2\n', '>six\n']);
    assert.equal(reviewOn(file).base, 'one\ntwo\nthree\n4\nfive\n');
    assert.equal((await workspace.openTextDocument(Uri.file(file))).isDirty, false);
  });
});
