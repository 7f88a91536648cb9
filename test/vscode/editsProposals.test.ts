import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import { commands, FileSystemError, Position, Selection, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import { openBeside } from '../../src/extension/review/proposalTabs';
import {
  append,
  change,
  diffTabs,
  documentOf,
  EditsFixture,
  refusal,
  showFile,
  tabSet,
  textOn,
  unheard,
  useFixture,
} from './editsSupport';

describe('proposals in the editor', () => {
  let fixture: EditsFixture;
  useFixture(
    () => new EditsFixture(),
    (made) => (fixture = made),
  );

  describe('opening', () => {
    it('leaves the active editor, the focus, the preview tab and all other tabs as they were', async () => {
      const pinned = fixture.write('pinned\n');
      const preview = fixture.write('preview\n');
      await showFile(pinned);
      const editor = await showFile(preview, true);
      const tabs = tabSet();
      await fixture.propose('p-1', change(fixture.fresh('.ts'), 'a\n', 'b\n'));
      assert.deepEqual(
        tabSet().filter((tab) => !tab.includes('proposed by')),
        tabs,
      );
      assert.equal(diffTabs('p-1').length, 1);
      assert.equal(fixture.diffTab('p-1').isActive, false);
      assert.equal(window.activeTextEditor, editor);
      await commands.executeCommand('type', { text: 'typed ' });
      assert.equal(editor.document.getText(), 'typed preview\n');
    });

    it('shows the diff at once where no editor is open', async () => {
      await fixture.propose('p-2', change(fixture.fresh(), 'a\n', 'b\n'));
      assert.equal(fixture.diffTab('p-2').isActive, true);
    });

    it('names the file and says what is proposed', async () => {
      const [changed, created, deleted] = [fixture.fresh('.ts'), fixture.fresh('.ts'), fixture.fresh('.ts')];
      await fixture.propose('p-3', change(changed, 'a\n', 'b\n'));
      await fixture.propose('p-4', change(created, undefined, 'b\n'));
      await fixture.propose('p-5', change(deleted, 'a\n', undefined));
      assert.equal(fixture.diffTab('p-3').label, `${path.basename(changed)} — proposed by Countersign`);
      assert.equal(fixture.diffTab('p-4').label, `${path.basename(created)} (new) — proposed by Countersign`);
      assert.equal(fixture.diffTab('p-5').label, `${path.basename(deleted)} — deletion proposed by Countersign`);
    });

    it('shows the exact texts, whatever encoding the user has set for files', async () => {
      const setting = workspace.getConfiguration('files');
      await setting.update('encoding', 'utf16le', true);
      try {
        await fixture.propose('p-6', change(fixture.fresh(), 'größe → 😀\n', 'größer → 😀\n'));
        const { input } = fixture.diffTab('p-6');
        assert.ok(input instanceof TabInputTextDiff);
        assert.equal((await workspace.openTextDocument(input.original)).getText(), 'größe → 😀\n');
        assert.equal((await workspace.openTextDocument(input.modified)).getText(), 'größer → 😀\n');
      } finally {
        await setting.update('encoding', undefined, true);
      }
    });

    it('writes nothing to the disk', async () => {
      const file = fixture.write('a\n');
      await fixture.propose('p-7', change(file, 'a\n', 'b\n'));
      assert.equal(textOn(file), 'a\n');
    });

    it('beside the user’s editor, for hosts without background tabs, keeps the focus as well', async () => {
      const editor = await showFile(fixture.write('mine\n'));
      await fixture.propose('p-8', change(fixture.fresh(), 'a\n', 'b\n'));
      const file = fixture.proposals.open.find(({ permissionId }) => permissionId === 'p-8')?.files[0];
      assert.ok(file);
      await window.tabGroups.close(fixture.diffTab('p-8'));
      await openBeside(file);
      assert.equal(fixture.diffTab('p-8').group.viewColumn, 2);
      assert.equal(window.activeTextEditor, editor);
      await commands.executeCommand('type', { text: 'typed ' });
      assert.equal(editor.document.getText(), 'typed mine\n');
    });
  });

  describe('deciding', () => {
    it('what the user made of the right side is what lands, saved or not', async () => {
      const file = fixture.write('one\ntwo\n');
      const proposal = await fixture.propose('p-10', change(file, 'one\ntwo\n', 'one\n2\n'));
      const editor = await fixture.rightEditor('p-10');
      await append(editor, 'mine\n');
      assert.equal(editor.document.isDirty, true);
      assert.deepEqual(fixture.proposals.finalText('p-10', file), { text: 'one\n2\nmine\n' });
      const applied = await fixture.apply(file, 'one\ntwo\n', 'one\n2\n', 'p-10');
      proposal.dispose();
      await fixture.proposals.settled();
      assert.equal(textOn(file), 'one\n2\nmine\n');
      assert.equal(applied[0]?.after, 'one\n2\nmine\n');
    });

    it('what the user saved on the right side counts after the diff was closed', async () => {
      const file = fixture.write('one\n');
      await fixture.propose('p-11', change(file, 'one\n', '1\n'));
      const editor = await fixture.rightEditor('p-11');
      await append(editor, 'mine\n');
      assert.equal(await editor.document.save(), true);
      await window.tabGroups.close(fixture.diffTab('p-11'));
      await fixture.apply(file, 'one\n', '1\n', 'p-11');
      assert.equal(textOn(file), '1\nmine\n');
    });

    it('what the user made of it lands also when the diff is taken away before', async () => {
      const file = fixture.write('one\n');
      const proposal = await fixture.propose('p-12', change(file, 'one\n', '1\n'));
      await append(await fixture.rightEditor('p-12'), 'mine\n');
      proposal.dispose();
      await fixture.apply(file, 'one\n', '1\n', 'p-12');
      assert.equal(textOn(file), '1\nmine\n');
    });

    it('lines with mixed ends keep them when the user changes another line of the proposal', async () => {
      const file = fixture.write('a\r\nb\nc\r\nd\n');
      await fixture.propose('p-13', change(file, 'a\r\nb\nc\r\nd\n', 'a\r\nB\nc\r\nd\n'));
      const editor = await fixture.rightEditor('p-13');
      assert.ok(await editor.edit((builder) => builder.insert(new Position(2, 1), ' mine')));
      await fixture.apply(file, 'a\r\nb\nc\r\nd\n', 'a\r\nB\nc\r\nd\n', 'p-13');
      assert.equal(textOn(file), 'a\r\nB\nc mine\nd\n'); // a line that was typed in ends like the one before it
    });

    it('mixed line ends that nobody touched land exactly', async () => {
      const file = fixture.write('a\r\nb\n');
      await fixture.propose('p-14', change(file, 'a\r\nb\n', 'a\r\nb\nc\r\n'));
      assert.deepEqual(fixture.proposals.finalText('p-14', file), { text: 'a\r\nb\nc\r\n' });
    });

    it('a file that changed since the proposal is refused and untouched', async () => {
      const file = fixture.write('one\n');
      await fixture.propose('p-15', change(file, 'one\n', '1\n'));
      const editor = await showFile(file);
      await append(editor, 'later\n');
      await editor.document.save();
      const error = await refusal(fixture.apply(file, 'one\n', '1\n', 'p-15'));
      assert.equal(error.code, 'stale');
      assert.match(error.message, new RegExp(path.basename(file)));
      assert.equal(textOn(file), 'one\nlater\n');
    });

    it('closing the diff decides nothing, and it can be shown again', async () => {
      const file = fixture.write('one\n');
      await fixture.propose('p-16', change(file, 'one\n', '1\n'));
      await window.tabGroups.close(fixture.diffTab('p-16'));
      assert.equal(fixture.proposals.current(), 'p-16');
      assert.equal(textOn(file), 'one\n');
      const editor = await fixture.rightEditor('p-16');
      assert.equal(editor.document.getText(), '1\n');
      assert.equal(fixture.diffTab('p-16').isActive, true);
    });

    it('two proposals for one file land one after the other', async () => {
      const file = fixture.write('1\n');
      for (const [id, before, after] of [
        ['p-17', '1\n', '2\n'],
        ['p-18', '2\n', '3\n'],
      ] as const) {
        const proposal = await fixture.propose(id, change(file, before, after));
        await fixture.apply(file, before, after, id);
        proposal.dispose();
        await fixture.proposals.settled();
        assert.equal(diffTabs(id).length, 0);
      }
      assert.equal(textOn(file), '3\n');
    });

    it('a new file and a deletion land from their proposals', async () => {
      const created = fixture.fresh();
      const deleted = fixture.write('bye\n');
      const changes = [change(created, undefined, 'new\n'), change(deleted, 'bye\n', undefined)];
      await fixture.propose('p-19', ...changes);
      await append(await fixture.rightEditor('p-19'), 'mine\n');
      const applied = await fixture.edits.apply({ kind: 'approved', permissionId: 'p-19' }, changes, unheard());
      assert.deepEqual(
        applied.map(({ after }) => after),
        ['new\nmine\n', undefined],
      );
      assert.equal(textOn(created), 'new\nmine\n');
    });
  });

  describe('going away', () => {
    it('closes exactly its own tabs, without a question about unsaved text', async () => {
      const mine = fixture.write('mine\n');
      await showFile(mine);
      const tabs = tabSet();
      const first = await fixture.propose('p-20', change(fixture.fresh(), 'a\n', 'b\n'));
      await fixture.propose('p-21', change(fixture.fresh(), 'a\n', 'b\n'));
      await append(await fixture.rightEditor('p-20'), 'unsaved');
      first.dispose();
      first.dispose();
      await fixture.proposals.settled();
      assert.deepEqual([diffTabs('p-20').length, diffTabs('p-21').length], [0, 1]);
      assert.ok(tabs.every((tab) => tabSet().some((now) => now.startsWith(tab.replace(' active', '')))));
      assert.deepEqual(fixture.problems, []);
    });

    it('right after opening leaves no tab behind', async () => {
      await showFile(fixture.write('mine\n'));
      fixture.edits.propose('p-22', [change(fixture.fresh(), 'a\n', 'b\n')], '').dispose();
      await fixture.proposals.settled();
      assert.equal(diffTabs('p-22').length, 0);
    });

    it('leaves the user’s editor, focus and selection alone', async () => {
      const editor = await showFile(fixture.write('select me\n'));
      editor.selection = new Selection(0, 0, 0, 6);
      const proposal = await fixture.propose('p-24', change(fixture.fresh(), 'a\n', 'b\n'));
      proposal.dispose();
      await fixture.proposals.settled();
      assert.equal(window.activeTextEditor, editor);
      assert.equal(editor.document.getText(editor.selection), 'select');
    });

    it('tabs that an earlier window left behind are closed, all others stay', async () => {
      const mine = fixture.write('mine\n');
      await showFile(mine);
      await fixture.propose('p-23', change(fixture.fresh(), 'a\n', 'b\n'));
      const left = Uri.from({ scheme: fixture.files.baseScheme, authority: 'gone', path: '/x.txt' });
      const right = Uri.from({ scheme: fixture.files.proposalScheme, authority: 'gone', path: '/x.txt' });
      await commands.executeCommand('vscode.diff', left, right, 'left behind', { preview: false });
      assert.equal(diffTabs('gone').length, 1);
      await fixture.proposals.reconcileTabs();
      assert.deepEqual([diffTabs('gone').length, diffTabs('p-23').length], [0, 1]);
      assert.ok(documentOf(mine));
    });

    it('a text that is no longer there is answered as not found', async () => {
      const gone = Uri.from({ scheme: fixture.files.proposalScheme, authority: 'gone', path: '/x.txt' });
      await assert.rejects(
        async () => workspace.fs.readFile(gone),
        (error) => error instanceof FileSystemError && error.code === 'FileNotFound',
      );
    });
  });
});
