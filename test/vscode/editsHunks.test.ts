import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import { Range, window, workspace, type Uri } from 'vscode';
import { ProposalBadges } from '../../src/extension/review/proposalBadges';
import { progressOf } from '../../src/extension/review/proposalDecision';
import { change, diffTabs, eventually, tabSet, textOn, useFixture } from './editsSupport';
import { HunksFixture, lines, putCursor } from './hunksSupport';

const base = lines(9);
const wanted = lines(9, { 2: 'two', 5: 'five', 8: 'eight' });

describe('the hunks of a proposal', () => {
  let fixture: HunksFixture;
  useFixture(
    () => new HunksFixture(),
    (made) => (fixture = made),
  );

  describe('deciding', () => {
    it('accepting two and rejecting one lands exactly the two, and the model reads which', async () => {
      const file = fixture.write(base);
      const editor = await fixture.show('h-1', change(file, base, wanted));
      putCursor(editor, 1);
      await fixture.hunks.acceptHunk();
      assert.equal(textOn(file), base);
      assert.equal(editor.selection.active.line, 4); // on to the next one
      await fixture.hunks.rejectHunk();
      assert.equal(editor.document.getText(), lines(9, { 2: 'two', 8: 'eight' }));
      assert.equal(fixture.fileOf('h-1').text.base, lines(9, { 2: 'two' }));
      const counts = { accepted: 1, rejected: 1, left: 1 };
      assert.deepEqual(progressOf(fixture.proposals.open), [{ permissionId: 'h-1', ...counts }]);
      await eventually('the left side follows', () =>
        documentTexts(fixture.fileOf('h-1').left).includes(lines(9, { 2: 'two' })),
      );
      await fixture.hunks.acceptHunk();
      assert.equal(textOn(file), lines(9, { 2: 'two', 8: 'eight' }));
      assert.equal(diffTabs('h-1').length, 0);
      const { note } = fixture.answerOf('h-1');
      assert.match(
        note ?? '',
        /^The user accepted 2 of your 3 hunks for \S+ and rejected the one at line 5\. From what/,
      );
    });

    it('nothing accepted is a denial with the reasons, and nothing lands', async () => {
      const file = fixture.write(base);
      await fixture.show('h-2', change(file, base, wanted));
      answerWith('Too clever.');
      await fixture.hunks.rejectHunkWithReason();
      await fixture.hunks.rejectFile();
      const name = path.basename(file);
      assert.deepEqual(fixture.answerOf('h-2'), { decision: 'deny', note: `${name}, at "two": Too clever.` });
      assert.equal(textOn(file), base);
    });

    it('Escape at the reason leaves the hunk open', async () => {
      await fixture.show('h-3', change(fixture.write(base), base, wanted));
      answerWith(undefined);
      await fixture.hunks.rejectHunkWithReason();
      assert.equal(fixture.fileOf('h-3').text.hunks.length, 3);
    });

    it('approving the whole lands what is open and what was accepted, not what was rejected', async () => {
      const file = fixture.write(base);
      const editor = await fixture.show('h-4', change(file, base, wanted));
      await fixture.hunks.acceptHunk();
      putCursor(editor, 4);
      await fixture.hunks.rejectHunk();
      await fixture.decide('h-4', { decision: 'allow' });
      assert.equal(textOn(file), lines(9, { 2: 'two', 8: 'eight' }));
    });

    it('rejecting the whole lands what was accepted before, and only that', async () => {
      const file = fixture.write(base);
      await fixture.show('h-5', change(file, base, wanted));
      await fixture.hunks.acceptHunk();
      assert.equal(fixture.proposals.isAcceptedInPart('h-5'), true);
      await fixture.decide('h-5', { decision: 'deny', note: 'Enough.' });
      assert.equal(textOn(file), lines(9, { 2: 'two' }));
      assert.match(
        fixture.answerOf('h-5').note ?? '',
        /accepted 1 of your 3 hunks .* rejected 2 at lines 5 and 8\. Reason: Enough\./,
      );
    });

    it('a file can be taken or turned back with what was decided in it kept, and the next file comes', async () => {
      const [one, other] = [fixture.write(base), fixture.write(base)];
      await fixture.show('h-6', change(one, base, wanted), change(other, base, wanted));
      await fixture.hunks.acceptHunk();
      await fixture.hunks.rejectFile();
      await eventually(
        'the other file is in front',
        () => fixture.proposals.fileInFront() === fixture.fileOf('h-6', 1),
      );
      await fixture.hunks.acceptFile();
      assert.deepEqual([textOn(one), textOn(other)], [lines(9, { 2: 'two' }), wanted]);
    });

    it('a new file and a deletion are one hunk each', async () => {
      const [created, unwanted] = [fixture.fresh(), fixture.fresh()];
      const [deleted, kept] = [fixture.write('bye\n'), fixture.write('stay\n')];
      await fixture.show(
        'h-7',
        change(created, undefined, 'new\n'),
        change(unwanted, undefined, 'no\n'),
        change(deleted, 'bye\n', undefined),
        change(kept, 'stay\n', undefined),
      );
      for (const decide of ['acceptHunk', 'rejectHunk', 'acceptHunk', 'rejectHunk'] as const) {
        const shown = fixture.proposals.fileInFront();
        assert.equal(shown?.text.hunks.length, 1);
        await fixture.hunks[decide]();
        await eventually('the next file is in front', () => fixture.proposals.fileInFront() !== shown);
      }
      assert.equal(textOn(created), 'new\n');
      assert.throws(() => textOn(unwanted));
      assert.throws(() => textOn(deleted));
      assert.equal(textOn(kept), 'stay\n');
    });

    it('accept does not take what is not on the screen: it goes there, and takes it the next time', async () => {
      const long = lines(400);
      const file = fixture.write(long);
      const editor = await fixture.show('h-8', change(file, long, lines(400, { 1: 'one', 300: 'far' })));
      await fixture.hunks.acceptHunk();
      assert.equal(editor.selection.active.line, 299);
      putCursor(editor, 0);
      editor.revealRange(new Range(0, 0, 0, 0));
      await eventually('the first line is on the screen', () => editor.visibleRanges[0]?.start.line === 0);
      await fixture.hunks.acceptHunk();
      assert.equal(fixture.fileOf('h-8').text.hunks.length, 1);
      assert.equal(editor.selection.active.line, 299);
      await fixture.hunks.acceptHunk();
      assert.equal(fixture.answerOf('h-8').decision, 'allow');
    });

    it('the tab says how many changes are left, in words for screen readers', async () => {
      await fixture.show('h-41', change(fixture.write(base), base, wanted));
      const badges = new ProposalBadges(fixture.proposals);
      const heard: string[] = [];
      badges.onDidChangeFileDecorations((uri) => heard.push(uri.authority));
      await fixture.hunks.acceptHunk();
      const { left, right } = fixture.fileOf('h-41');
      const shown = badges.provideFileDecoration(right);
      assert.deepEqual([shown?.badge, shown?.tooltip, heard], ['2', '2 of 3 changes left', ['h-41']]);
      assert.equal(badges.provideFileDecoration(left), undefined);
      badges.dispose();
    });

    it('the line that was clicked in the margin counts', async () => {
      await fixture.show('h-9', change(fixture.write(base), base, wanted));
      const { right } = fixture.fileOf('h-9');
      await fixture.hunks.rejectHunk({ uri: right, lineNumber: 8 });
      assert.deepEqual(fixture.waiting('h-9'), ['two\n', 'five\n']);
    });
  });

  describe('going through', () => {
    it('takes one after the other, on into the next proposed file and back', async () => {
      const [one, other] = [fixture.write(base), fixture.write(base)];
      await fixture.show('h-10', change(one, base, wanted));
      // The diff editor puts the cursor to its first change.
      await eventually('the cursor is at the first one', () => window.activeTextEditor?.selection.active.line === 1);
      await fixture.propose('h-11', change(other, base, lines(9, { 4: 'four' })));
      const seen: string[] = [];
      const note = (): void => {
        const { document, selection } = window.activeTextEditor ?? assert.fail('no editor');
        seen.push(`${document.uri.authority} ${selection.active.line}`);
      };
      for (let step = 0; step < 4; step++) {
        await fixture.hunks.nextHunk();
        await eventually('the editor follows', () => window.activeTextEditor);
        note();
      }
      for (let step = 0; step < 2; step++) {
        await fixture.hunks.previousHunk();
        note();
      }
      assert.deepEqual(seen, ['h-10 4', 'h-10 7', 'h-11 3', 'h-10 1', 'h-11 3', 'h-10 7']);
    });

    it('shows all files in one view when asked, which goes away with the proposals', async () => {
      await fixture.show('h-12', change(fixture.write(base), base, wanted), change(fixture.write('a\n'), 'a\n', 'b\n'));
      await fixture.hunks.showAllProposed();
      const isShown = (): boolean => tabSet().some((tab) => tab.includes('Proposed Changes'));
      await eventually('the view is there', isShown);
      await fixture.decide('h-12', { decision: 'deny' });
      assert.equal(isShown(), false);
    });
  });

  const documentTexts = (uri: Uri): readonly string[] =>
    workspace.textDocuments.filter((open) => open.uri.toString() === uri.toString()).map((open) => open.getText());

  const { showInputBox } = window;
  afterEach(() => Object.assign(window, { showInputBox }));
  const answerWith = (reason: string | undefined): void =>
    void Object.assign(window, { showInputBox: () => Promise.resolve(reason) });
});
