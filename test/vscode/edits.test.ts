import { strict as assert } from 'node:assert';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import {
  commands,
  ConfigurationTarget,
  Disposable,
  languages,
  Position,
  Selection,
  TextEdit,
  Uri,
  window,
  workspace,
} from 'vscode';
import { closeStrayTabs, tabsOf } from '../../src/extension/strayTabs';
import {
  append,
  change,
  documentOf,
  EditsFixture,
  eventually,
  refusal,
  showFile,
  tabSet,
  textOn,
  unheard,
  useFixture,
} from './editsSupport';

describe('edits that land in the workspace', () => {
  let fixture: EditsFixture;
  useFixture(
    () => new EditsFixture(),
    (made) => (fixture = made),
  );

  describe('new, deleted and several files', () => {
    it('a new file gets exactly its text, with the folders it needs, and no tab', async () => {
      const file = path.join(fixture.folder, 'deep', 'deeper', 'new.txt');
      const tabs = tabSet();
      await fixture.apply(file, undefined, 'a\r\nb\nc');
      assert.equal(textOn(file), 'a\r\nb\nc');
      assert.deepEqual(tabSet(), tabs);
    });

    it('a new file is refused where one exists already', async () => {
      const file = fixture.write('mine\n');
      const error = await refusal(fixture.apply(file, undefined, 'theirs\n'));
      assert.equal(error.code, 'already_exists');
      assert.equal(textOn(file), 'mine\n');
    });

    it('a new file that cannot be made says so', async () => {
      const parent = fixture.write('a file, no folder');
      const error = await refusal(fixture.apply(path.join(parent, 'new.txt'), undefined, 'x'));
      assert.equal(error.code, 'failed');
    });

    it('a file is deleted when it still holds what was planned on', async () => {
      const file = fixture.write('bye\n');
      assert.deepEqual(await fixture.apply(file, 'bye\n', undefined), [
        { display: path.basename(file), after: undefined },
      ]);
      assert.equal(existsSync(file), false);
    });

    it('a file that changed since is not deleted', async () => {
      const file = fixture.write('changed\n');
      assert.equal((await refusal(fixture.apply(file, 'bye\n', undefined))).code, 'stale');
      assert.equal(textOn(file), 'changed\n');
    });

    it('a file that is gone is not made again by an edit', async () => {
      const file = fixture.fresh();
      assert.equal((await refusal(fixture.apply(file, 'a\n', 'b\n'))).code, 'stale');
      assert.equal(existsSync(file), false);
    });

    it('one stale file keeps all the others as they were', async () => {
      const good = fixture.write('good\n');
      const stale = fixture.write('stale\n');
      const changes = [change(good, 'good\n', 'better\n'), change(stale, 'other\n', 'x\n')];
      assert.equal((await refusal(fixture.edits.apply({ kind: 'unasked' }, changes, unheard()))).code, 'stale');
      assert.equal(textOn(good), 'good\n');
      assert.equal(documentOf(good)?.isDirty ?? false, false);
    });

    it('a failure half-way takes back an edit, a new file and a deletion that had landed', async () => {
      const edited = fixture.write('edited\n');
      const mixed = fixture.write('m\r\nm\n');
      const deleted = fixture.write('deleted\r\nx\n');
      const created = fixture.fresh();
      const changes = [
        change(edited, 'edited\n', 'changed\n'),
        change(mixed, 'm\r\nm\n', 'M\r\nM\n'),
        change(deleted, 'deleted\r\nx\n', undefined),
        change(created, undefined, 'created\n'),
        change(path.join(created, 'under-a-file.txt'), undefined, 'x'),
      ];
      assert.equal((await refusal(fixture.edits.apply({ kind: 'unasked' }, changes, unheard()))).code, 'failed');
      assert.equal(textOn(edited), 'edited\n');
      assert.equal(textOn(mixed), 'm\r\nm\n');
      assert.equal(textOn(deleted), 'deleted\r\nx\n');
      assert.equal(existsSync(created), false);
      assert.equal(documentOf(edited)?.isDirty ?? false, false);
    });

    it('an abort before the first file lands changes nothing', async () => {
      const file = fixture.write('a\n');
      const changes = [change(file, 'a\n', 'b\n')];
      await assert.rejects(fixture.edits.apply({ kind: 'unasked' }, changes, AbortSignal.abort()), {
        name: 'AbortError',
      });
      assert.equal(textOn(file), 'a\n');
    });

    it('edits of one file that are applied at the same time land one after the other', async () => {
      const file = fixture.write('1\n');
      await Promise.all([fixture.apply(file, '1\n', '2\n'), fixture.apply(file, '2\n', '3\n')]);
      assert.equal(textOn(file), '3\n');
    });
  });

  describe('the user’s editors', () => {
    it('an edit that lands leaves the active editor, its cursor and the tabs alone', async () => {
      const active = fixture.write('active\n');
      const shown = await showFile(active);
      shown.selection = new Selection(0, 3, 0, 3);
      const file = fixture.write('one\n');
      const tabs = tabSet();
      await fixture.apply(file, 'one\n', 'two\n');
      await new Promise((resolve) => setTimeout(resolve, 2_500)); // an unsaved document would pop up as a tab after 2 s
      assert.deepEqual(tabSet(), tabs);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, active);
      assert.equal(window.activeTextEditor.selection.active.character, 3);
    });

    it('a save that takes long leaves no tab behind', async () => {
      const active = fixture.write('active\n');
      await showFile(active);
      const file = fixture.write('one\n');
      const tabs = tabSet();
      const late = (): Promise<[]> => new Promise((resolve) => setTimeout(() => resolve([]), 1_700));
      const slow = Disposable.from(
        workspace.onWillSaveTextDocument((saving) => saving.waitUntil(late())),
        languages.registerDocumentFormattingEditProvider({ pattern: file }, { provideDocumentFormattingEdits: late }),
      );
      const settings = workspace.getConfiguration('editor');
      await settings.update('formatOnSave', true, ConfigurationTarget.Global);
      try {
        await fixture.apply(file, 'one\n', 'two\n');
      } finally {
        slow.dispose();
        await settings.update('formatOnSave', undefined, ConfigurationTarget.Global);
      }
      assert.equal(textOn(file), 'two\n');
      assert.deepEqual(tabSet(), tabs);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, active);
    });

    it('a tab that popped up by itself is closed again, those of the user are not', async () => {
      const active = fixture.write('active\n');
      const file = Uri.file(fixture.write('one\n'));
      await showFile(active);
      const none = tabsOf(file);
      await commands.executeCommand('vscode.open', file, { background: true, preserveFocus: true, preview: false });
      assert.equal(tabsOf(file).length, 1);
      await closeStrayTabs(file, tabsOf(file));
      assert.equal(tabsOf(file).length, 1);
      await closeStrayTabs(file, none);
      assert.equal(tabsOf(file).length, 0);
      await closeStrayTabs(Uri.file(active), []);
      assert.equal(tabsOf(Uri.file(active)).length, 1);
    });

    it('the cursor in the edited file stays on its line', async () => {
      const file = fixture.write('one\ntwo\nthree\nfour\n');
      const editor = await showFile(file);
      editor.selection = new Selection(3, 2, 3, 2);
      await fixture.apply(file, 'one\ntwo\nthree\nfour\n', 'one\ninserted\ntwo\nthree\nfour\n');
      assert.deepEqual([editor.selection.active.line, editor.selection.active.character], [4, 2]);
    });

    it('undo brings the old text back', async () => {
      const file = fixture.write('one\ntwo\n');
      const editor = await showFile(file);
      await fixture.apply(file, 'one\ntwo\n', 'one\n2\nmore\n');
      await commands.executeCommand('undo');
      assert.equal(editor.document.getText(), 'one\ntwo\n');
    });

    it('undo in one file leaves the other files of the same edit', async () => {
      const first = fixture.write('first\n');
      const second = fixture.write('second\n');
      const changes = [change(first, 'first\n', '1\n'), change(second, 'second\n', '2\n')];
      await fixture.edits.apply({ kind: 'unasked' }, changes, unheard());
      const editor = await showFile(first);
      await commands.executeCommand('undo');
      assert.equal(editor.document.getText(), 'first\n');
      assert.equal((await workspace.openTextDocument(Uri.file(second))).getText(), '2\n');
      assert.equal(textOn(second), '2\n');
    });

    it('unsaved text that the edit was planned on is kept and saved with it', async () => {
      const file = fixture.write('one\n');
      const editor = await showFile(file);
      await append(editor, 'typed\n');
      await fixture.apply(file, 'one\ntyped\n', '1\ntyped\n');
      assert.equal(textOn(file), '1\ntyped\n');
      assert.equal(editor.document.isDirty, false);
    });

    it('unsaved text that the edit does not know is never overwritten', async () => {
      const file = fixture.write('one\n');
      const editor = await showFile(file);
      await append(editor, 'typed\n');
      for (const after of ['1\n', undefined])
        assert.equal((await refusal(fixture.apply(file, 'one\n', after))).code, 'stale');
      assert.equal(editor.document.getText(), 'one\ntyped\n');
      assert.equal(textOn(file), 'one\n');
    });

    it('unsaved text over mixed line ends is refused, because saving would rewrite every line', async () => {
      const file = fixture.write('a\r\nb\nc\n');
      const editor = await showFile(file);
      await append(editor, 'typed');
      const error = await refusal(fixture.apply(file, editor.document.getText(), 'x\n'));
      assert.equal(error.code, 'stale');
      assert.equal(textOn(file), 'a\r\nb\nc\n');
    });

    it('a save that the editor refuses is told, and the user’s text stays', async () => {
      const file = fixture.write('one\n');
      const editor = await showFile(file);
      await append(editor, 'typed\n');
      writeFileSync(file, 'written by another program\n');
      const error = await refusal(fixture.apply(file, 'one\ntyped\n', '1\ntyped\n'));
      assert.equal(error.code, 'failed');
      assert.equal(textOn(file), 'written by another program\n');
      assert.equal(editor.document.getText(), 'one\ntyped\n');
    });

    it('an edit planned on text that was just written outside waits for the editor to catch up', async () => {
      const file = fixture.write('old\n');
      const editor = await showFile(file);
      writeFileSync(file, 'new from outside\n');
      await fixture.apply(file, 'new from outside\n', 'edited from outside\n');
      assert.equal(textOn(file), 'edited from outside\n');
      await eventually('the editor shows it', () => editor.document.getText() === 'edited from outside\n');
      assert.equal(editor.document.isDirty, false);
    });

    it('unsaved text counts also where the user opened the file through a symlink', async () => {
      const file = fixture.write('one\n');
      const link = fixture.fresh();
      symlinkSync(file, link);
      const editor = await showFile(link);
      await append(editor, 'typed\n');
      assert.equal((await refusal(fixture.apply(file, 'one\n', '1\n'))).code, 'stale');
      assert.equal(textOn(file), 'one\n');
    });

    it('what a formatter made of the text on save is what is reported', async () => {
      const file = fixture.write('one\n');
      const onSave = workspace.onWillSaveTextDocument((event) => {
        if (event.document.uri.fsPath === file)
          event.waitUntil(Promise.resolve([TextEdit.insert(new Position(1, 0), 'formatted\n')]));
      });
      try {
        const applied = await fixture.apply(file, 'one\n', 'two\n');
        assert.equal(applied[0]?.after, 'two\nformatted\n');
        assert.equal(textOn(file), 'two\nformatted\n');
      } finally {
        onSave.dispose();
      }
    });
  });
});
