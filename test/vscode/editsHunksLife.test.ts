import { strict as assert } from 'node:assert';
import { commands, Range, TabInputTextDiff, window, workspace } from 'vscode';
import { ToolError } from '../../src/core/errors';
import { append, change, eventually, hexOn, showFile, tabSet, textOn, useFixture } from './editsSupport';
import { HunksFixture, lines, putCursor } from './hunksSupport';

const base = lines(9);
const wanted = lines(9, { 2: 'two', 5: 'five', 8: 'eight' });

describe('the hunks of a proposal, in real life,', () => {
  let fixture: HunksFixture;
  useFixture(
    () => new HunksFixture(),
    (made) => (fixture = made),
  );

  const leftOn = async (permissionId: string): Promise<string> => {
    const { input } = fixture.diffTab(permissionId);
    assert.ok(input instanceof TabInputTextDiff);
    return (await workspace.openTextDocument(input.original)).getText();
  };

  it('the user types on the right, then accepts: their lines are a hunk of their own and land too', async () => {
    const file = fixture.write(base);
    const editor = await fixture.show('h-20', change(file, base, wanted));
    await append(editor, 'mine\n');
    putCursor(editor, 1);
    await fixture.hunks.acceptHunk();
    assert.deepEqual(fixture.waiting('h-20'), ['five\n', 'eight\n', 'mine\n']);
    assert.equal(editor.document.getText(), `${wanted}mine\n`);
    await fixture.hunks.acceptFile();
    assert.equal(textOn(file), `${wanted}mine\n`);
    assert.match(
      fixture.answerOf('h-20').note ?? '',
      /accepted all 3 of your hunks .* had not proposed to change, at line 10/,
    );
  });

  it('undo on the right brings a rejected hunk back as undecided', async () => {
    const editor = await fixture.show('h-21', change(fixture.write(base), base, wanted));
    await fixture.hunks.rejectHunk();
    assert.deepEqual(fixture.waiting('h-21'), ['five\n', 'eight\n']);
    await commands.executeCommand('undo');
    await eventually('the hunk is back', () => editor.document.getText() === wanted);
    assert.deepEqual(fixture.waiting('h-21'), ['two\n', 'five\n', 'eight\n']);
  });

  it('the diff editor’s own arrow rejects as well, and the last one answers', async () => {
    const file = fixture.write('a\nb\nc\n');
    const editor = await fixture.show('h-22', change(file, 'a\nb\nc\n', 'a\nB\nc\n'));
    const whole = new Range(1, 0, 2, 0);
    assert.ok(await editor.edit((builder) => builder.replace(whole, 'b\n'))); // what the arrow does
    await eventually('it is answered', () => fixture.settled.get('h-22'));
    assert.deepEqual(fixture.answerOf('h-22'), { decision: 'deny' });
  });

  it('typing that happens to bring everything back answers nothing', async () => {
    const editor = await fixture.show('h-23', change(fixture.write('a\nb\n'), 'a\nb\n', 'a\nbb\n'));
    assert.ok(await editor.edit((builder) => builder.delete(new Range(1, 1, 1, 2))));
    assert.deepEqual(fixture.waiting('h-23'), []);
    await commands.executeCommand('undo');
    await eventually('it is back', () => fixture.waiting('h-23').length === 1);
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
    const { error } = fixture.answerOf('h-25');
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
    assert.deepEqual([fixture.waiting('h-27').length, fixture.waiting('h-28')], [2, ['nine\n']]);
    await fixture.rightEditor('h-28');
    await fixture.hunks.acceptHunk();
    assert.equal(textOn(file), second);
    await fixture.rightEditor('h-27');
    await fixture.hunks.rejectFile();
    const { error } = fixture.answerOf('h-27');
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

  it('deciding a hunk in a file of 5,000 lines takes less than 50 ms of our own', async function () {
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
    if (this.test)
      this.test.title += ` (${worst.toFixed(1)} ms; with the editor ${commandMs.map(Math.round).join(', ')} ms)`;
    assert.ok(worst < 50, `${worst} ms`);
  });

  it('the user’s editor, focus and tabs stay while a proposal opens behind them', async () => {
    const editor = await showFile(fixture.write('mine\n'));
    const tabs = tabSet();
    await fixture.propose('h-40', change(fixture.write(base), base, wanted));
    assert.equal(window.activeTextEditor, editor);
    assert.equal(fixture.hunks.inFront(), false);
    await fixture.hunks.acceptHunk();
    assert.equal(fixture.waiting('h-40').length, 3);
    assert.deepEqual(tabSet().slice(0, tabs.length), tabs);
  });
});
