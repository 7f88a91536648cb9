import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import { commands, Range, TabInputTextDiff, window, workspace, type Uri } from 'vscode';
import { ToolError } from '../../src/core/errors';
import { append, change, diffTabs, eventually, hexOn, showFile, tabSet, textOn } from './editsSupport';
import { HunksFixture, lines, putCursor } from './hunksSupport';

const base = lines(9);
const wanted = lines(9, { 2: 'two', 5: 'five', 8: 'eight' });

describe('the hunks of a proposal', () => {
  let fixture: HunksFixture;
  before(() => {
    fixture = new HunksFixture();
  });
  afterEach(async () => {
    await fixture.reset();
    assert.deepEqual(fixture.reported, []);
  });
  after(() => fixture.dispose());

  const leftOn = async (permissionId: string): Promise<string> => {
    const { input } = fixture.diffTab(permissionId);
    assert.ok(input instanceof TabInputTextDiff);
    return (await workspace.openTextDocument(input.original)).getText();
  };

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
      await eventually('the left side follows', () =>
        documentTexts(fixture.fileOf('h-1').left).includes(lines(9, { 2: 'two' })),
      );
      await fixture.hunks.acceptHunk();
      assert.equal(textOn(file), lines(9, { 2: 'two', 8: 'eight' }));
      assert.equal(diffTabs('h-1').length, 0);
      const { note } = settled('h-1');
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
      assert.deepEqual(settled('h-2'), { decision: 'deny', note: `${name}, at "two": Too clever.` });
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
        settled('h-5').note ?? '',
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
      assert.equal(settled('h-8').decision, 'allow');
    });

    it('the line that was clicked in the margin counts', async () => {
      await fixture.show('h-9', change(fixture.write(base), base, wanted));
      const { right } = fixture.fileOf('h-9');
      await fixture.hunks.rejectHunk({ uri: right, lineNumber: 8 });
      assert.deepEqual(waiting('h-9'), ['two\n', 'five\n']);
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

  describe('in real life', () => {
    it('the user types on the right, then accepts: their lines are a hunk of their own and land too', async () => {
      const file = fixture.write(base);
      const editor = await fixture.show('h-20', change(file, base, wanted));
      await append(editor, 'mine\n');
      putCursor(editor, 1);
      await fixture.hunks.acceptHunk();
      assert.deepEqual(waiting('h-20'), ['five\n', 'eight\n', 'mine\n']);
      assert.equal(editor.document.getText(), `${wanted}mine\n`);
      await fixture.hunks.acceptFile();
      assert.equal(textOn(file), `${wanted}mine\n`);
      assert.match(
        settled('h-20').note ?? '',
        /accepted all 3 of your hunks .* had not proposed to change, at line 10/,
      );
    });

    it('undo on the right brings a rejected hunk back as undecided', async () => {
      const editor = await fixture.show('h-21', change(fixture.write(base), base, wanted));
      await fixture.hunks.rejectHunk();
      assert.deepEqual(waiting('h-21'), ['five\n', 'eight\n']);
      await commands.executeCommand('undo');
      await eventually('the hunk is back', () => editor.document.getText() === wanted);
      assert.deepEqual(waiting('h-21'), ['two\n', 'five\n', 'eight\n']);
    });

    it('the diff editor’s own arrow rejects as well, and the last one answers', async () => {
      const file = fixture.write('a\nb\nc\n');
      const editor = await fixture.show('h-22', change(file, 'a\nb\nc\n', 'a\nB\nc\n'));
      const whole = new Range(1, 0, 2, 0);
      assert.ok(await editor.edit((builder) => builder.replace(whole, 'b\n'))); // what the arrow does
      await eventually('it is answered', () => fixture.settled.get('h-22'));
      assert.deepEqual(settled('h-22'), { decision: 'deny' });
    });

    it('typing that happens to bring everything back answers nothing', async () => {
      const editor = await fixture.show('h-23', change(fixture.write('a\nb\n'), 'a\nb\n', 'a\nbb\n'));
      assert.ok(await editor.edit((builder) => builder.delete(new Range(1, 1, 1, 2))));
      assert.deepEqual(waiting('h-23'), []);
      await commands.executeCommand('undo');
      await eventually('it is back', () => waiting('h-23').length === 1);
      assert.equal(fixture.settled.get('h-23'), undefined);
    });

    it('closed and opened again the diff shows the same state, and closing asks nothing', async () => {
      const file = fixture.write(base);
      const editor = await fixture.show('h-24', change(file, base, wanted));
      await fixture.hunks.acceptHunk();
      await fixture.hunks.rejectHunk();
      assert.equal(editor.document.isDirty, false);
      await window.tabGroups.close(fixture.diffTab('h-24'));
      assert.equal(fixture.settled.get('h-24'), undefined);
      const again = await fixture.rightEditor('h-24');
      assert.equal(again.document.getText(), lines(9, { 2: 'two', 8: 'eight' }));
      assert.equal(await leftOn('h-24'), lines(9, { 2: 'two' }));
      assert.match(fixture.diffTab('h-24').label, /^\S+ — 1 of 3 changes left$/);
    });

    it('a file that changed meanwhile is refused, nothing is lost, and the model reads what the user wanted', async () => {
      const file = fixture.write(base);
      await fixture.show('h-25', change(file, base, wanted));
      await fixture.hunks.acceptHunk();
      await fixture.hunks.rejectHunk();
      const mine = await showFile(file);
      await append(mine, 'later\n');
      await mine.document.save();
      await fixture.rightEditor('h-25');
      await fixture.hunks.acceptHunk();
      assert.equal(textOn(file), `${base}later\n`);
      const { error } = settled('h-25');
      assert.ok(error instanceof ToolError && error.code === 'stale');
      assert.match(error.advice, /accepted 2 of your 3 hunks .* What they wanted of it:[^]*\+two[^]*\+eight/);
    });

    it('a file whose every hunk was rejected stays as it is, whatever it holds by now', async () => {
      const [one, other] = [fixture.write(base), fixture.write('a\n')];
      await fixture.show('h-26', change(one, base, wanted), change(other, 'a\n', 'b\n'));
      await fixture.hunks.rejectFile();
      const mine = await showFile(one);
      await append(mine, 'later\n');
      await mine.document.save();
      await fixture.decide('h-26', { decision: 'allow' });
      assert.deepEqual([textOn(one), textOn(other)], [`${base}later\n`, 'b\n']);
    });

    it('of two proposals for one file each keeps its own state', async () => {
      const file = fixture.write(base);
      const second = lines(9, { 9: 'nine' });
      await fixture.show('h-27', change(file, base, wanted));
      await fixture.propose('h-28', change(file, base, second));
      await fixture.hunks.acceptHunk();
      assert.deepEqual([waiting('h-27').length, waiting('h-28')], [2, ['nine\n']]);
      await fixture.rightEditor('h-28');
      await fixture.hunks.acceptHunk();
      assert.equal(textOn(file), second);
      await fixture.rightEditor('h-27');
      await fixture.hunks.rejectFile();
      const { error } = settled('h-27');
      assert.ok(error instanceof ToolError && error.code === 'stale');
      assert.equal(textOn(file), second);
    });

    for (const [name, start, proposed, landed] of [
      ['CRLF', lines(5, {}, '\r\n'), lines(5, { 2: 'two', 4: 'four' }, '\r\n'), lines(5, { 2: 'two' }, '\r\n')],
      ['mixed line ends', 'a\r\nb\nc\r\nd\ne\r\n', 'a\r\nB\nc\r\nD\ne\r\n', 'a\r\nB\nc\r\nd\ne\r\n'],
      ['mixed line ends that change', 'a\nb\r\nc\nd\r\ne\n', 'a\nB\nc\nD\ne\n', 'a\nB\nc\nd\r\ne\n'],
      ['no final line end', 'a\nb\nc\nd', 'a\nB\nc\nD', 'a\nB\nc\nd'],
      ['an empty last line that is taken out', 'a\nb\nc\n\n', 'a\nB\nc\n', 'a\nB\nc\n\n'],
    ] as const)
      it(`keeps to the byte what was not accepted: ${name}`, async () => {
        const id = `h-3-${name.replaceAll(' ', '-')}`.toLowerCase();
        const file = fixture.write(start);
        const editor = await fixture.show(id, change(file, start, proposed));
        await fixture.hunks.acceptHunk();
        await fixture.hunks.rejectHunk();
        assert.equal(JSON.stringify(textOn(file)), JSON.stringify(landed));
        assert.ok(editor.document.isClosed || !editor.document.isDirty);
      });

    it('keeps a byte order mark', async () => {
      const file = fixture.write(`\uFEFF${base}`);
      await fixture.show('h-36', change(file, base, wanted));
      await fixture.hunks.acceptHunk();
      await fixture.hunks.rejectFile();
      assert.equal(hexOn(file), Buffer.from(`\uFEFF${lines(9, { 2: 'two' })}`).toString('hex'));
    });

    it('undo brings the line ends of mixed ones back as they were', async () => {
      const [start, proposed] = ['a\nb\r\nc\nd\r\ne\n', 'a\nB\nc\nD\ne\n'];
      const file = fixture.write(start);
      await fixture.show('h-37', change(file, start, proposed));
      await fixture.hunks.rejectHunk();
      assert.equal(fixture.fileOf('h-37').text.now, 'a\nb\r\nc\nD\ne\n');
      await commands.executeCommand('undo');
      await eventually('the hunk is back', () => fixture.fileOf('h-37').text.now === proposed);
    });

    it('the user’s formatters stay out of a proposal that is only decided on', async () => {
      const setting = workspace.getConfiguration('files');
      await setting.update('trimTrailingWhitespace', true, true);
      try {
        const [start, proposed] = ['a  \nb\nc\n', 'a  \nB\nC  \n'];
        const editor = await fixture.show('h-38', change(fixture.write(start), start, `${proposed}d\n`));
        putCursor(editor, 3);
        await append(editor, 'x\n');
        await fixture.hunks.rejectHunk();
        assert.equal(editor.document.getText().split('\n')[0], 'a  ');
      } finally {
        await setting.update('trimTrailingWhitespace', undefined, true);
      }
    });

    it('deciding a hunk in a file of 5,000 lines takes less than 50 ms of our own', async () => {
      const long = lines(5_000);
      const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index * 50 + 1, `changed ${index}`]));
      await fixture.show('h-39', change(fixture.write(long), long, lines(5_000, many)));
      const { text } = fixture.fileOf('h-39');
      const timesMs: number[] = [];
      for (const decide of ['accept', 'reject'] as const)
        for (let round = 0; round < 10; round++) {
          const start = performance.now();
          const [hunk] = text.hunks;
          text[decide]([hunk?.id ?? 0]);
          assert.ok(text.hunks.length > 0);
          timesMs.push(performance.now() - start);
        }
      const commandMs: number[] = [];
      for (let round = 0; round < 3; round++) {
        const start = performance.now();
        await fixture.hunks.rejectHunk();
        commandMs.push(performance.now() - start);
      }
      const worst = Math.max(...timesMs);
      process.stderr.write(
        `deciding: worst ${worst.toFixed(1)} ms of ours; with the editor ${commandMs.map(Math.round)} ms\n`,
      );
      assert.ok(worst < 50, `${worst} ms`);
    });

    it('the user’s editor, focus and tabs stay while a proposal opens behind them', async () => {
      const editor = await showFile(fixture.write('mine\n'));
      const tabs = tabSet();
      await fixture.propose('h-40', change(fixture.write(base), base, wanted));
      assert.equal(window.activeTextEditor, editor);
      assert.equal(fixture.hunks.inFront(), false);
      await fixture.hunks.acceptHunk();
      assert.equal(waiting('h-40').length, 3);
      assert.deepEqual(tabSet().slice(0, tabs.length), tabs);
    });
  });

  function settled(permissionId: string) {
    const found = fixture.settled.get(permissionId);
    assert.ok(found, `${permissionId} is not answered`);
    return found;
  }

  const documentTexts = (uri: Uri): readonly string[] =>
    workspace.textDocuments.filter((open) => open.uri.toString() === uri.toString()).map((open) => open.getText());

  const { showInputBox } = window;
  afterEach(() => Object.assign(window, { showInputBox }));
  const answerWith = (reason: string | undefined): void =>
    void Object.assign(window, { showInputBox: () => Promise.resolve(reason) });

  const waiting = (permissionId: string): readonly string[] =>
    fixture.fileOf(permissionId).text.hunks.map(({ now }) => now);
});
