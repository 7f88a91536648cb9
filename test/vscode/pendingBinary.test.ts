import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Uri, window } from 'vscode';
import { Agent } from '../../src/core/agent/agent';
import type { JsonObject } from '../../src/core/util/json';
import { LocalSandbox } from '../../src/node/localSandbox';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import { dependenciesFor, historyOf } from '../support/agents';
import { documentOf, eventually, refusal, showFile, textOn } from './editsSupport';
import { PendingFixture } from './pendingSupport';

const base = 'one\ntwo\nthree\nfour\nfive\n';
const now = 'one\n2\nthree\nfour\nfive\nsix\n';
/** The smallest of all PNG pictures begins so. */
const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex');

describe('files that are no text, in review mode', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  /** What an agent that works unasked is told of its one call. */
  async function resultOf(name: string, input: JsonObject): Promise<string> {
    const script = [{ calls: [{ name, input }] }, { text: 'Done.' }];
    const workspace = { folder: fixture.folder, file: (one: string) => one, remove: async () => undefined };
    const deps = dependenciesFor({ script, workspace });
    deps.templateRegistry.register({ id: 'review', systemPrompt: 'You are a test.', permission: { mode: 'review' } });
    const sandboxFactory = (): LocalSandbox =>
      new LocalSandbox({
        ...{ workDir: fixture.folder, unguarded: true },
        files: (onDisk) => new WorkspaceFiles(onDisk),
        edits: (_onDisk, files) => new WorkspaceEdits(fixture.proposals, files, fixture.parts.witness),
      });
    const agent = await Agent.create({ templateId: 'review' }, { ...deps, sandboxFactory });
    await agent.send('go');
    await agent.complete();
    const history = await historyOf(agent);
    return JSON.stringify(history.filter(({ type }) => type === 'tool:end' || type === 'tool:error'));
  }

  const kinds = [
    ['a picture', png, '.png', /not a text file/],
    ['a file with NUL bytes', Buffer.from('one\0two\n'), '.txt', /not a text file/],
    ['a file whose bytes no encoding explains', Buffer.from('6f6e650aff620a', 'hex'), '.txt', /UTF-8|encoding/i],
  ] as const;
  const calls: readonly (readonly [string, (file: string) => readonly [string, JsonObject]])[] = [
    ['an edit', (name) => ['fs_edit', { path: name, old_string: 'one', new_string: '1' }]],
    ['another text in its place', (name) => ['fs_write', { path: name, content: 'text\n' }]],
    ['a patch', (name) => patched(`*** Update File: ${name}\n@@\n-one\n+1`)],
    ['a deletion', (name) => patched(`*** Delete File: ${name}`)],
    ['a renaming', (name) => patched(`*** Update File: ${name}\n*** Move to: moved-${name}\n@@\n-one\n+1`)],
  ];
  const patched = (body: string): readonly [string, JsonObject] => [
    'apply_patch',
    { patch: `*** Begin Patch\n${body}\n*** End Patch` },
  ];

  for (const [what, bytes, ending, reason] of kinds)
    it(`${what} is neither edited, replaced, deleted nor renamed: the agent reads why, and nothing waits`, async () => {
      const file = fixture.write(bytes, ending);
      for (const [how, call] of calls) {
        const told = await resultOf(...call(path.basename(file)));
        assert.match(told, reason, `${how}: ${told}`);
        assert.deepEqual(readFileSync(file), bytes, how);
        assert.deepEqual(fixture.parts.reviews.files, [], how);
      }
    });

  for (const isShown of [true, false])
    it(`a file that is replaced by something that is no text has nothing to reject, ${isShown ? 'open' : 'closed'}`, async () => {
      const file = fixture.write(base);
      if (isShown) await showFile(file);
      await fixture.land(file, base, now);
      writeFileSync(file, png);
      await fixture.shows(file, []);
      await fixture.parts.reviews.reject({ kind: 'file', uri: Uri.file(file) }, '');
      assert.deepEqual(readFileSync(file), png);
      writeFileSync(file, now);
      await fixture.shows(file, ['two\n>2\n', '>six\n']);
      await eventually('the editor follows', () => (documentOf(file)?.getText() ?? now) === now);
      await fixture.reject(file, 0);
      assert.equal(textOn(file), now.replace('2', 'two'));
      assert.equal(
        window.visibleTextEditors.some(({ document }) => document.isDirty),
        false,
      );
    });

  it('bytes that became no text around a hunk are not written again by rejecting it', async () => {
    const file = fixture.write(base);
    await fixture.land(file, base, now);
    const broken = Buffer.concat([Buffer.from(now), Buffer.from([0xff, 0xfe, 0x0a])]);
    writeFileSync(file, broken);
    await eventually('it is followed', () =>
      fixture.stored().some((text) => text.includes('\\ufffd') || text.includes('\ufffd')),
    );
    const refused = await refusal(fixture.parts.reviews.reject({ kind: 'file', uri: Uri.file(file) }, ''));
    assert.equal(refused.code, 'unsupported_encoding');
    assert.deepEqual(readFileSync(file), broken);
    assert.equal(fixture.hunks(file).length, 2);
  });
});
