import { strict as assert } from 'node:assert';
import { utimesSync } from 'node:fs';
import * as path from 'node:path';
import { ConfigurationTarget, languages, Position, Range, TextEdit, workspace } from 'vscode';
import { Agent } from '../../src/core/agent/agent';
import type { ScriptedAnswer } from '../../src/core/model/scripted';
import type { EventOf } from '../../src/core/protocol/events';
import type { PermissionMode } from '../../src/core/protocol/modes';
import { defineTool } from '../../src/core/tools/defineTool';
import { builtinTools } from '../../src/core/tools/tools';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import { LocalSandbox } from '../../src/node/localSandbox';
import { dependenciesFor, historyOf, nextEvent } from '../support/agents';
import { listeningModel, type ListeningModel } from '../support/requests';
import { append, type EditsFixture, eventually, showFile, textOn } from './editsSupport';
import { HunksFixture, lines } from './hunksSupport';
import { PendingFixture } from './pendingSupport';

type Call = NonNullable<ScriptedAnswer['calls']>[number];
const call = (name: string, input: Call['input']): ScriptedAnswer => ({ calls: [{ name, input }] });
const read = (file: string): ScriptedAnswer => call('fs_read', { path: path.basename(file) });
const edit = (file: string, from: string, to: string): ScriptedAnswer =>
  call('fs_edit', { path: path.basename(file), old_string: from, new_string: to });
const world = (): ScriptedAnswer => call('world', {});
const done: ScriptedAnswer = { text: 'Done.' };

/** An agent in the editor's own files. Between its steps the world goes on. */
class Worker {
  model: ListeningModel = listeningModel([]);
  readonly #fixture: EditsFixture;

  constructor(fixture: EditsFixture) {
    this.#fixture = fixture;
  }

  async start(
    script: readonly ScriptedAnswer[],
    { mode = 'auto', between = async () => undefined, edits = this.#fixture.edits }: Options = {},
  ): Promise<Agent> {
    const { folder } = this.#fixture;
    const worldTool = defineTool({
      ...{ name: 'world', description: 'Lets something happen.', params: {}, attributes: { noEffect: true } },
      async exec() {
        await between();
        return { ok: true };
      },
    });
    const deps = dependenciesFor({
      ...{ script: [], workspace: { folder, file: (name) => path.join(folder, name), remove: async () => undefined } },
      tools: [...builtinTools, worldTool],
    });
    deps.templateRegistry.register({ id: 'worker', systemPrompt: 'You are a test.', permission: { mode } });
    const sandboxFactory = (): LocalSandbox =>
      new LocalSandbox({
        ...{ workDir: folder, unguarded: true },
        files: (onDisk) => new WorkspaceFiles(onDisk),
        edits: () => edits,
      });
    this.model = listeningModel(script);
    return Agent.create({ templateId: 'worker', model: this.model }, { ...deps, sandboxFactory });
  }

  /** What the model was told of changed files, in each request. */
  told(): readonly (readonly string[])[] {
    return this.model.userTexts.map((texts) =>
      texts
        .filter((text) => text.startsWith('<system-reminder category="file">'))
        .flatMap((text) => text.match(/^- .*$/gm) ?? []),
    );
  }
}

interface Options {
  readonly mode?: PermissionMode;
  readonly between?: () => Promise<void>;
  readonly edits?: WorkspaceEdits;
}

async function outside(agent: Agent): Promise<readonly EventOf<'file_changed_outside'>[]> {
  return (await historyOf(agent)).filter((event) => event.type === 'file_changed_outside');
}

describe('what an agent is told of the files it knows, in the editor', () => {
  let fixture: HunksFixture;
  let worker: Worker;
  before(() => {
    fixture = new HunksFixture();
  });
  beforeEach(() => {
    worker = new Worker(fixture);
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  it('the user’s unsaved typing is told once, and again after the file was read again', async () => {
    const file = fixture.write('one\ntwo\n');
    // Long enough ago that the file's size and time are believed: typing changes neither.
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file, longAgo, longAgo);
    const editor = await showFile(file);
    let count = 0;
    const between = (): Promise<void> => append(editor, `typed ${++count}\n`);
    const agent = await worker.start([read(file), world(), world(), read(file), read(file), world(), done], {
      between,
    });
    await agent.complete('Go.');
    assert.equal(textOn(file), 'one\ntwo\n');
    const name = `- ${path.basename(file)}`;
    assert.deepEqual(
      worker.told().map(({ length }) => length),
      [0, 0, 1, 1, 1, 1, 2],
    );
    assert.deepEqual(worker.told().at(-1), [name, name]);
    assert.equal((await outside(agent)).length, 2);
    await agent[Symbol.asyncDispose]();
  });

  it('typing that is undone again, or saved as the agent has read it, is nothing to tell', async () => {
    const file = fixture.write('one\n');
    const editor = await showFile(file);
    const steps = [() => append(editor, 'x'), () => editor.document.save()];
    const script = [world(), read(file), world(), done];
    const agent = await worker.start(script, {
      between: async () => {
        await steps.shift()?.();
      },
    });
    await agent.complete('Go.');
    assert.equal(textOn(file), 'one\nx');
    assert.deepEqual(await outside(agent), []);
    await agent[Symbol.asyncDispose]();
  });

  it('of a guarded file nothing but its name is told', async () => {
    const file = path.join(fixture.folder, '.env');
    await workspace.fs.writeFile(
      (await showFile(fixture.write('KEY=old\n'))).document.uri.with({ path: file }),
      Buffer.from('KEY=old\n'),
    );
    const editor = await showFile(file);
    const between = (): Promise<void> => append(editor, 'TOKEN=typed-secret\n');
    const agent = await worker.start([read(file), world(), done], { between });
    const asked = nextEvent(agent, 'permission_required');
    const turn = agent.complete('Go.');
    await Promise.race([turn, asked.then(({ permissionId }) => agent.decide(permissionId, 'allow'))]);
    await turn;
    assert.deepEqual(worker.told().at(-1), ['- .env']);
    assert.deepEqual(await outside(agent), [{ channel: 'monitor', type: 'file_changed_outside', path: '.env' }]);
    assert.doesNotMatch(JSON.stringify([worker.model.requests, await historyOf(agent)]), /typed-secret/);
    await agent[Symbol.asyncDispose]();
  });

  it('its own edits are not told: asked, accepted in part or as the user has changed them', async () => {
    const [whole, part, typed] = [1, 2, 3].map(() => fixture.write(lines(9)));
    assert.ok(whole !== undefined && part !== undefined && typed !== undefined);
    await showFile(whole);
    const several = (file: string): ScriptedAnswer =>
      call('fs_multi_edit', {
        edits: [2, 5, 8].map((line) => ({
          path: path.basename(file),
          find: `line ${line}\n`,
          replace: `new ${line}\n`,
        })),
      });
    const script = [read(whole), several(whole), read(part), several(part), several(typed), world(), done];
    const agent = await worker.start(script, { mode: 'approval' });
    let asked = 0;
    agent.on('permission_required', (event) => void answer(event));
    const answer = async ({ permissionId }: EventOf<'permission_required'>): Promise<void> => {
      asked += 1;
      await eventually('it is proposed', () =>
        fixture.proposals.open.some((proposal) => proposal.permissionId === permissionId),
      );
      const { text, right } = fixture.fileOf(permissionId);
      const [first] = text.hunks;
      if (asked === 2 && first) text.accept([first.id]);
      if (asked === 3) await append(await fixture.rightEditor(permissionId), `by me in ${right.scheme}\n`);
      const { decision, note } = fixture.proposals.answer(permissionId, { decision: asked === 2 ? 'deny' : 'allow' });
      await agent.decide(permissionId, decision, note);
    };
    const ended = nextEvent(agent, 'done');
    await agent.send('Go.');
    await ended;
    assert.equal(asked, 3);
    assert.equal(textOn(part), lines(9, { 2: 'new 2' }));
    assert.match(textOn(typed), /by me/);
    assert.deepEqual(worker.told().flat(), []);
    assert.deepEqual(await outside(agent), []);
    await agent[Symbol.asyncDispose]();
  });

  it('its own edits are not told where saving formats them', async () => {
    const file = fixture.write('a   b\nx\n', '.fresh');
    const formatter = languages.registerDocumentFormattingEditProvider(
      { pattern: '**/*.fresh' },
      {
        provideDocumentFormattingEdits: (document) => {
          const whole = new Range(new Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
          return [TextEdit.replace(whole, document.getText().replace(/ {2,}/g, ' '))];
        },
      },
    );
    const settings = workspace.getConfiguration('editor');
    await settings.update('formatOnSave', true, ConfigurationTarget.Global);
    try {
      const agent = await worker.start([read(file), edit(file, 'x\n', 'y    z\n'), world(), world(), done]);
      await agent.complete('Go.');
      assert.equal(textOn(file), 'a b\ny z\n');
      assert.deepEqual(worker.told().flat(), []);
      await agent[Symbol.asyncDispose]();
    } finally {
      formatter.dispose();
      await settings.update('formatOnSave', undefined, ConfigurationTarget.Global);
    }
  });
});

describe('what an agent in review mode is told of the files it knows', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  it('its own edits that landed and wait are not told', async () => {
    const worker = new Worker(fixture);
    const file = fixture.write(lines(9));
    const edits = new WorkspaceEdits(
      fixture.proposals,
      new WorkspaceFiles(new LocalSandbox({ workDir: fixture.folder }).files),
      fixture.parts.witness,
    );
    await showFile(file);
    const script = [read(file), edit(file, 'line 2\n', 'two\n'), edit(file, 'line 5\n', 'five\n'), world(), done];
    const agent = await worker.start(script, { mode: 'review', edits });
    await agent.complete('Go.');
    assert.equal(textOn(file), lines(9, { 2: 'two', 5: 'five' }));
    assert.equal(fixture.parts.reviews.files.length, 1);
    assert.deepEqual(worker.told().flat(), []);
    await agent[Symbol.asyncDispose]();
  });
});
