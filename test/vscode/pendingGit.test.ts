import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { commands, workspace } from 'vscode';
import { append, documentOf, eventually, showFile, textOn } from './editsSupport';
import { PendingFixture } from './pendingSupport';

const base = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
/** A line replaced, one deleted, one added. */
const now = 'one\n2\nthree\nfour\nsix\nseven\neight\n';
const hunks = ['two\n>2\n', 'five\n>', '>eight\n'];
/** Each of them collides with what another branch has there; the deleted line is there again. */
const other = 'ONE\nTWO\nthree\nfour\nfive\nsix\nseven\nnine\n';

describe('pending hunks and git', () => {
  let fixture: PendingFixture;
  let file: string;
  before(() => {
    fixture = new PendingFixture();
    git('init', '-q', '-b', 'main');
  });
  beforeEach(() => {
    file = fixture.write(base);
    commit('base');
    git('checkout', '-q', '-B', 'other');
    writeFileSync(file, other);
    commit('other');
    git('checkout', '-q', 'main');
  });
  afterEach(async () => {
    await fixture.reset();
    git('checkout', '-q', '-f', 'main');
  });
  after(() => fixture.dispose());

  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'core.autocrlf=false'];
    execFileSync('git', [...who, ...args], { cwd: fixture.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const commit = (message: string): void => {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
  };
  /** The editor of the file, if there is one, has the text of the disk. */
  const editorFollows = (): Promise<unknown> =>
    eventually('the editor follows', () => (documentOf(file)?.getText() ?? textOn(file)) === textOn(file));

  for (const isShown of [true, false])
    describe(isShown ? 'in a file that is open' : 'in a file that is closed', () => {
      beforeEach(async () => {
        if (isShown) await showFile(file);
        await fixture.land(file, base, now);
        assert.deepEqual(fixture.shown(file), hunks);
      });

      it('another branch that is checked out has nothing of theirs, keeps its bytes, and the way back brings them all', async () => {
        commit('with pending hunks');
        git('checkout', '-q', 'other');
        await fixture.shows(file, []);
        await fixture.parts.reviews.reject({ kind: 'all' }, '');
        assert.equal(textOn(file), other);
        await editorFollows();
        git('checkout', '-q', 'main');
        await fixture.shows(file, hunks);
        await editorFollows();
        await fixture.reject(file, 1);
        assert.equal(textOn(file), now.replace('six', 'five\nsix'));
      });

      it('what is stashed waits with them, over a reload too', async () => {
        git('stash');
        await fixture.shows(file, []);
        assert.equal(textOn(file), base);
        await fixture.reload();
        assert.deepEqual(fixture.shown(file), []);
        git('stash', 'pop');
        await fixture.shows(file, hunks);
        await editorFollows();
        await fixture.reject(file, 0);
        assert.equal(textOn(file), now.replace('2', 'two'));
      });

      it('a branch that has the agent’s lines as well keeps them pending', async () => {
        commit('with pending hunks');
        git('checkout', '-q', '-b', `merged-${path.basename(file)}`);
        writeFileSync(file, `zero\n${now}`);
        commit('more');
        git('checkout', '-q', 'other');
        await fixture.shows(file, []);
        git('checkout', '-q', `merged-${path.basename(file)}`);
        await fixture.shows(file, hunks);
        await editorFollows();
        await fixture.parts.reviews.reject({ kind: 'all' }, '');
        assert.equal(textOn(file), `zero\n${base}`);
      });

      it('a branch without the file has nothing to judge in it until it is back', async () => {
        commit('with pending hunks');
        git('checkout', '-q', '--orphan', `empty-${path.basename(file)}`);
        git('rm', '-q', '-r', '-f', '.');
        await eventually('gone', () => fixture.pending(file)?.state === 'gone');
        git('checkout', '-q', '-f', 'main');
        await eventually('here', () => fixture.pending(file)?.state === 'here');
        assert.deepEqual(fixture.shown(file), hunks);
      });
    });

  it('unsaved text stays the user’s with its hunks, and the branch keeps its bytes', async () => {
    const editor = await showFile(file);
    await fixture.land(file, base, now);
    commit('with pending hunks');
    await append(editor, 'mine\n');
    git('checkout', '-q', 'other');
    await fixture.parts.reviews.reject({ kind: 'turn', turnId: 'no-such-turn' as never }, '');
    await eventually('it is followed', () => fixture.stored().some((text) => text.includes('TWO')));
    assert.deepEqual(fixture.shown(file), hunks);
    await fixture.reject(file, 0);
    assert.equal(editor.document.getText(), `${now.replace('2', 'two')}mine\n`);
    assert.equal(editor.document.isDirty, true);
    assert.equal(textOn(file), other);
    await showFile(file);
    await commands.executeCommand('workbench.action.files.revert');
    await fixture.shows(file, []);
    assert.equal(
      workspace.textDocuments.some(({ isDirty }) => isDirty),
      false,
    );
    await fixture.parts.reviews.reject({ kind: 'all' }, '');
    assert.equal(textOn(file), other);
  });
});
