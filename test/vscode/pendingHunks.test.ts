import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { Selection, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import { hunksOf } from '../../src/core/edits/review';
import { eventually, tabSet } from './editsSupport';
import { answering, cursorAt, PendingFixture, place, textOf } from './surfacesSupport';

const base = 'a\nb\nc\nd\ne\nf\ng\n';
/** A changed line, an added one and a deleted one. */
const now = 'a\nB\nc\nd\nnew\ne\ng\n';

describe('deciding pending hunks', () => {
  let fixture: PendingFixture;
  const idsOf = (uri: Uri): readonly number[] => hunksOf(fixture.reviews.file(uri)!.review).map(({ id }) => id);
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  describe('by key, where the cursor stands', () => {
    it('accepting keeps the hunk, leaves file and editors alone, and goes to the next one', async () => {
      const uri = await fixture.land(base, now);
      await cursorAt(uri, 1);
      const tabs = tabSet();
      using heard = answering();
      await fixture.run('acceptHunk');
      assert.deepEqual(
        [idsOf(uri).length, textOf(uri), place(), tabSet()],
        [2, now, `${path.basename(uri.path)}:4`, tabs],
      );
      assert.match(heard.said.join(), /^\$\(pass\) 1 change accepted\. 2 changes left\..*line 5: change 1 of 2/);
    });

    it('rejecting brings back what stood there, deleted lines too', async () => {
      const uri = await fixture.land(base, now);
      await cursorAt(uri, 4);
      await fixture.run('rejectHunk');
      assert.equal(textOf(uri), 'a\nB\nc\nd\ne\ng\n');
      await cursorAt(uri, 5);
      await fixture.run('rejectHunk');
      assert.equal(textOf(uri), 'a\nB\nc\nd\ne\nf\ng\n');
      assert.equal(idsOf(uri).length, 1);
    });

    it('a selection means all hunks that have a part in it', async () => {
      const uri = await fixture.land(base, now);
      const editor = await cursorAt(uri, 0);
      editor.selection = new Selection(1, 0, 5, 0);
      await fixture.run('rejectHunk');
      assert.equal(textOf(uri), 'a\nb\nc\nd\ne\ng\n');
    });

    it('between hunks, and where nothing is pending, nothing is decided and it is said', async () => {
      const uri = await fixture.land(base, now);
      await cursorAt(uri, 2);
      using heard = answering();
      for (const name of ['acceptHunk', 'rejectHunk', 'rejectHunkWithReason', 'commentHunk'] as const)
        await fixture.run(name);
      assert.equal(idsOf(uri).length, 3);
      fixture.reviews.clear();
      for (const name of ['acceptHunk', 'acceptFile', 'acceptTurn', 'rejectAll', 'nextHunk', 'showAllPending'] as const)
        await fixture.run(name);
      assert.deepEqual(heard.said, [
        ...new Array<string>(4).fill('There is no pending change. Go to the next one with "Countersign: Next Change".'),
        ...new Array<string>(6).fill('No changes wait for your review.'),
      ]);
    });

    it('typing above moves the hunks along, and typing inside is said', async () => {
      const uri = await fixture.land(base, now);
      const editor = await cursorAt(uri, 0);
      await editor.edit((edit) => edit.insert(editor.selection.active, 'mine\n'));
      await cursorAt(uri, 2);
      await fixture.run('acceptHunk');
      assert.equal(idsOf(uri).length, 2);
    });

    it('a rejection carries the reason, an empty one too, and Escape decides nothing', async () => {
      const uri = await fixture.land(base, now);
      await cursorAt(uri, 1);
      using heard = answering({ inputs: [undefined, 'Keep it small.', ''] });
      await fixture.run('rejectHunkWithReason');
      assert.equal(idsOf(uri).length, 3);
      await fixture.run('rejectHunkWithReason');
      await cursorAt(uri, 4);
      await fixture.run('rejectHunkWithReason');
      assert.deepEqual(
        fixture.reviews.judgments.map(({ decision, reason }) => [decision, reason]),
        [
          ['rejected', 'Keep it small.'],
          ['rejected', ''],
        ],
      );
      assert.match(heard.said[0] ?? '', /^Why do you reject this change\? The agent reads your reason\./);
    });

    it('a comment goes to the agent of the hunk’s turn with its lines', async () => {
      const uri = await fixture.land(base, now, 'msg-7');
      await cursorAt(uri, 1);
      using heard = answering({ inputs: ['  ', undefined, 'Name it better.'] });
      for (let round = 0; round < 3; round++) await fixture.run('commentHunk');
      const display = workspace.asRelativePath(uri);
      assert.deepEqual(
        fixture.told.map(([turn]) => turn),
        ['msg-7'],
      );
      assert.ok(
        fixture.told[0]?.[1].startsWith(
          `About your change in "${display}", line 2.\n\n\`\`\`diff\n@@ -2,1 +2,1 @@\n-b\n+B\n`,
        ),
      );
      assert.match(fixture.told[0]?.[1] ?? '', /\n\nName it better\.$/);
      assert.equal(heard.said.at(-1), `$(pass) Your comment on ${display} was sent.`);
      assert.equal(idsOf(uri).length, 3);
    });

    it('what the ledger refuses reaches the caller, and nothing is said to be done', async () => {
      const uri = await fixture.land(base, now);
      await cursorAt(uri, 1);
      fixture.reviews.refusal = new Error('The file was changed from outside.');
      using heard = answering();
      await assert.rejects(async () => fixture.run('rejectHunk'), /changed from outside/);
      assert.deepEqual(heard.said, []);
    });
  });

  describe('more than one', () => {
    it('the file in front, and the files that were clicked', async () => {
      const [one, two, three] = [
        await fixture.land(base, now),
        await fixture.land(base, now),
        await fixture.land(base, now),
      ];
      await cursorAt(two, 0);
      await fixture.run('acceptFile');
      assert.deepEqual(
        fixture.reviews.files.map(({ uri }) => uri.toString()),
        [one, three].map(String),
      );
      using heard = answering({ buttons: ['Reject'] });
      await fixture.run('rejectFile', { resourceUri: one }, { resourceUri: three });
      assert.deepEqual([textOf(one), textOf(two), textOf(three)], [base, now, base]);
      assert.equal(heard.said[0], 'Reject 6 changes in 2 files?');
    });

    it('a turn: that of the hunk at the cursor, else the last one', async () => {
      const first = await fixture.land('a\n', 'A\n', 'msg-1');
      const second = await fixture.land('b\n', 'B\n', 'msg-2');
      await cursorAt(first, 0);
      await fixture.run('acceptTurn');
      assert.deepEqual(
        fixture.reviews.files.map(({ uri }) => uri.toString()),
        [String(second)],
      );
      await window.tabGroups.close(window.tabGroups.all.flatMap((group) => group.tabs));
      await fixture.run('rejectTurn');
      assert.deepEqual([fixture.reviews.files.length, textOf(first), textOf(second)], [0, 'A\n', 'b\n']);
    });

    it('taking back several files asks first', async () => {
      const created = await fixture.land(undefined, 'new\n');
      const deleted = await fixture.land('old\n', undefined);
      using heard = answering({ buttons: [undefined, 'Reject'] });
      await fixture.run('rejectAll');
      assert.deepEqual([existsSync(created.fsPath), existsSync(deleted.fsPath)], [true, false]);
      await fixture.run('rejectAll');
      assert.deepEqual([existsSync(created.fsPath), textOf(deleted)], [false, 'old\n']);
      assert.deepEqual(heard.said, [
        'Reject 2 changes in 2 files?',
        'Reject 2 changes in 2 files?',
        '$(pass) 2 changes rejected. Nothing is left to review.',
      ]);
    });

    it('accepting all touches no file and opens nothing', async () => {
      const files = [await fixture.land(base, now), await fixture.land(undefined, 'x\n')];
      const tabs = tabSet();
      await fixture.run('acceptAll', { groupId: 'anything' });
      assert.deepEqual([fixture.reviews.files, files.map(textOf), tabSet()], [[], [now, 'x\n'], tabs]);
    });
  });

  describe('by click', () => {
    const clicks: readonly (readonly [
      string,
      (uri: Uri, ids: readonly number[]) => readonly unknown[],
      readonly number[],
    ])[] = [
      ['our own link', (uri, ids) => [uri.toString(), ids[1]], [0, 2]],
      ['our own link with an address', (uri, ids) => [uri, ids[0]], [1, 2]],
      ['a link to a hunk that is decided already', (uri) => [uri.toString(), 4711], [0, 1, 2]],
      ['the native peek on a changed line', (uri) => [uri, [peek(2, 2), peek(5, 5)], 0], [1, 2]],
      ['the native peek on an added line', (uri) => [uri, [peek(2, 2), peek(5, 5)], 1], [0, 2]],
      ['the native peek on a deleted line', (uri) => [uri, [peek(6, 0)], 0], [0, 1]],
      ['git’s peek, whose change holds two of ours', (uri) => [uri, [peek(1, 5)], 0], [2]],
      ['a peek that says nonsense', (uri) => [uri, [{ modifiedStartLineNumber: 'x' }], 3], [0, 1, 2]],
      ['the margin of the editor', (uri) => [{ uri, lineNumber: 2 }], [1, 2]],
      ['a row of the Source Control view', (uri) => [{ resourceUri: uri }], []],
    ];
    for (const [what, args, left] of clicks)
      it(`${what} is understood`, async () => {
        const uri = await fixture.land(base, now);
        const ids = idsOf(uri);
        using _heard = answering();
        await fixture.run('acceptHunk', ...args(uri, ids));
        const file = fixture.reviews.file(uri);
        assert.deepEqual(
          file ? idsOf(uri) : [],
          left.map((index) => ids[index]),
        );
      });

    it('what nobody understands means the cursor', async () => {
      for (const odd of [[null], [{}], [Uri.file('/elsewhere'), 1], ['nothing', 2, 3], [[]]]) {
        const uri = await fixture.land(base, now);
        await cursorAt(uri, 1);
        await fixture.run('acceptHunk', ...odd);
        assert.equal(idsOf(uri).length, 2, JSON.stringify(odd));
      }
    });

    it('what is ours is told from what is somebody else’s', async () => {
      const uri = await fixture.land(base, now);
      const { hunks, source } = fixture.surfaces;
      const group = { id: 'pending', resourceStates: [] };
      const ours = [
        [uri],
        [uri.toString(), 1],
        [{ resourceUri: uri }],
        [{ uri, lineNumber: 1 }],
        [group],
        [source.control],
      ];
      const others = [
        [],
        [undefined],
        [Uri.file('/elsewhere')],
        ['nothing', 1],
        [{ resourceUri: Uri.file('/x') }],
        [7],
      ];
      assert.deepEqual(
        [...ours, ...others].map((args) => hunks.isMeant(...args)),
        [...ours.map(() => true), ...others.map(() => false)],
      );
    });
  });

  describe('going through them', () => {
    it('leads through all files and around, and says where', async () => {
      const one = await fixture.land(base, now);
      const two = await fixture.land('x\n', 'y\n');
      const names = [one, two].map((uri) => path.basename(uri.path));
      using heard = answering();
      const places: string[] = [];
      for (let step = 0; step < 5; step++) {
        await fixture.run('nextHunk');
        places.push(place());
      }
      assert.deepEqual(places, [`${names[0]}:1`, `${names[0]}:4`, `${names[0]}:6`, `${names[1]}:0`, `${names[0]}:1`]);
      await fixture.run('previousHunk');
      await fixture.run('previousHunk');
      assert.equal(place(), `${names[0]}:6`);
      assert.equal(heard.said[0], `$(pass) ${workspace.asRelativePath(one)}, line 2: change 1 of 3 by Countersign.`);
    });

    it('a deleted file is shown beside nothing, and decided there', async () => {
      const uri = await fixture.land('gone\n', undefined);
      await fixture.run('nextHunk');
      const tab = await eventually('the comparison is open', () => window.tabGroups.activeTabGroup.activeTab);
      assert.match(tab.label, /file\d+\.txt — deletion to review$/);
      await eventually('an editor is active', () => window.activeTextEditor);
      await fixture.run('rejectHunk');
      assert.equal(textOf(uri), 'gone\n');
    });

    it('within a comparison the cursor moves in it, and its old side counts too', async () => {
      const uri = await fixture.land(base, now);
      await fixture.run('openPendingChanges', uri.toString());
      await eventually(
        'the changed side is active',
        () => window.activeTextEditor?.document.uri.toString() === uri.toString(),
      );
      await fixture.run('nextHunk');
      assert.ok(window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputTextDiff);
      await fixture.run('acceptHunk');
      assert.equal(idsOf(uri).length, 2);
    });
  });
});

/** A change of the native peek: lines from 1, an end of 0 for a side without lines. */
function peek(modifiedStartLineNumber: number, modifiedEndLineNumber: number): object {
  return { originalStartLineNumber: 1, originalEndLineNumber: 1, modifiedStartLineNumber, modifiedEndLineNumber };
}
