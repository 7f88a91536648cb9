import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import { window } from 'vscode';
import { change, EditsFixture, eventually, showFile, useFixture } from './editsSupport';

describe('the proposal that a key without arguments means', () => {
  let fixture: EditsFixture;
  useFixture(
    () => new EditsFixture(),
    (made) => (fixture = made),
  );

  it('is the active diff’s proposal, or else the oldest', async () => {
    await fixture.propose('p-30', change(fixture.fresh(), 'a\n', 'b\n'));
    await fixture.propose('p-31', change(fixture.fresh(), 'a\n', 'b\n'));
    await showFile(fixture.write('mine\n'));
    assert.equal(fixture.proposals.current(), 'p-30');
    await fixture.rightEditor('p-31');
    assert.equal(fixture.proposals.current(), 'p-31');
  });

  it('goes through the files of all proposals, forth and back and around', async () => {
    const [a, b, c] = [fixture.fresh(), fixture.fresh(), fixture.fresh()];
    await fixture.propose('p-32', change(a, 'a\n', 'A\n'), change(b, 'b\n', 'B\n'));
    await fixture.propose('p-33', change(c, 'c\n', 'C\n'));
    await fixture.rightEditor('p-32');
    const seen: string[] = [];
    for (const step of [1, 1, 1, -1] as const) {
      await fixture.proposals.showNext(step);
      await eventually('a diff is active', () => window.tabGroups.activeTabGroup.activeTab);
      seen.push(window.tabGroups.activeTabGroup.activeTab?.label.split(' ')[0] ?? '');
    }
    assert.deepEqual(
      seen,
      [b, c, a, c].map((file) => path.basename(file)),
    );
  });

  it('tells whoever listens when a proposal opens, becomes current and goes away', async () => {
    const heard: (string | undefined)[] = [];
    const listening = fixture.proposals.onDidChange(() => heard.push(fixture.proposals.current()));
    try {
      await showFile(fixture.write('mine\n'));
      const proposal = await fixture.propose('p-34', change(fixture.fresh(), 'a\n', 'b\n'));
      assert.deepEqual(heard, ['p-34']);
      await fixture.rightEditor('p-34');
      await eventually('the second event', () => heard.length === 2);
      proposal.dispose();
      assert.deepEqual(heard.at(-1), undefined);
    } finally {
      listening.dispose();
    }
  });
});
