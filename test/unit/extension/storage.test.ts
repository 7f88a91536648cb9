import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { StoreError } from '../../../src/core/errors';
import { openModel } from '../../../src/node/models/providers';
import { fileStorage } from '../../../src/extension/sessions/fileStorage';
import { memoryStorage, openStorage } from '../../../src/extension/sessions/openStore';
import { applyRetention } from '../../../src/extension/sessions/retention';
import { salvageShown } from '../../../src/extension/sessions/salvageShown';
import { SessionSearch, type Found } from '../../../src/extension/sessions/sessionSearch';
import { StorageSize } from '../../../src/extension/sessions/storageSize';
import { workspaceWith, type Workspace } from '../../support/agents';
import { startFaultServer } from '../../support/faultServer';
import { neverAborted, refusalOf } from '../../support/refusal';
import { readable, SessionWindow } from '../../support/sessionWindow';

describe('where the sessions are kept', () => {
  let workspace: Workspace;
  let dir: string;
  beforeEach(async () => {
    workspace = await workspaceWith();
    dir = path.join(workspace.folder, 'storage');
  });
  afterEach(() => workspace.remove());

  it('where nothing can be written, sessions live in memory, and the panel can say why and what to do', async () => {
    writeFileSync(dir, 'a file where the folder should be');
    const reported: unknown[] = [];
    const { store, problem } = await openStorage(
      () => fileStorage(dir),
      (error) => reported.push(error),
    );
    assert.match(problem?.message ?? '', /cannot be kept on this machine/);
    assert.match(problem?.advice ?? '', /in memory until the window closes/);
    assert.equal(reported.length, 1);
    const window = new SessionWindow({ store, workspace, script: [{ text: 'An answer.' }] });
    await window.ask('Hello.');
    assert.equal(window.shown.title, 'Hello.');
    await window.close();
  });

  it('a storage that does not answer is not waited for: sessions live in memory, and the panel can say so', async () => {
    const reported: unknown[] = [];
    const { store, problem } = await openStorage(
      () => new Promise(() => undefined),
      (error) => reported.push(error),
      50,
    );
    assert.match(problem?.message ?? '', /did not answer for 0.05 seconds/);
    assert.ok(reported[0] instanceof StoreError && reported[0].code === 'unavailable');
    assert.deepEqual(await store.list(), []);
  });

  it('opening twice in one process is fine, and leaves no files of the self-test behind', async () => {
    const [one, two] = await Promise.all([fileStorage(dir), fileStorage(dir)]);
    assert.deepEqual([await one.store.list(), await two.store.list()], [[], []]);
    assert.deepEqual(readdirSync(path.join(dir, 'v1')), []);
  });

  it('what was said is found by its words in any order, with the text around them', async () => {
    const { store, searchText } = await fileStorage(dir);
    const window = new SessionWindow({ store, workspace, script: [{ text: 'The quick brown fox.' }] });
    const id = await window.ask('Hello.');
    await window.close();
    const found = [];
    for await (const match of searchText('fox QUICK', await store.summaries(), neverAborted)) found.push(match);
    assert.deepEqual(found, [{ agentId: id, text: 'The quick brown fox.' }]);
  });

  it('the size is measured when somebody looks, and not at each look', async () => {
    const { store, sizeBytes } = await fileStorage(dir);
    const window = new SessionWindow({ store, workspace, script: [{ text: 'An answer.' }] });
    await window.ask('Hello.');
    await window.close();
    let measured = 0;
    let changed = 0;
    const count = (): Promise<number> => {
      measured++;
      return sizeBytes?.() ?? Promise.resolve(0);
    };
    const size = new StorageSize(store, count, () => changed++);
    const shown = (): StorageSize['value'] => size.value;
    assert.equal(shown(), undefined);
    await size.measure();
    await size.measure();
    assert.equal(shown()?.sessions, 1);
    assert.ok((shown()?.sizeBytes ?? 0) > 4_000);
    assert.deepEqual([measured, changed], [1, 1]);
  });

  it('of a damaged session what can be read is shown, and a salvaged copy of it goes on', async () => {
    const { store, salvage } = await fileStorage(dir);
    const first = new SessionWindow({ store, workspace, script: [{ text: 'An answer.' }] });
    const id = await first.ask('Hello.');
    await first.close();
    const [file = ''] = filesBelow(dir).filter((name) => name.endsWith('session.db'));
    const bytes = readFileSync(file);
    bytes.fill(0xff, 0, 100);
    writeFileSync(file, bytes);
    const { store: later } = await fileStorage(dir);
    const second = new SessionWindow({ store: later, workspace, script: [{ text: 'I go on.' }] });
    await second.sessions.select(id);
    assert.equal(second.sessions.readOnly?.kind, 'damaged');
    await refusalOf('not_supported', second.sessions.send(id, 'Hello?'));
    await salvageShown(second.sessions, salvage);
    assert.notEqual(second.sessions.activeId, id);
    const whole = await refusalOf('not_supported', salvageShown(second.sessions, salvage));
    assert.match(whole.message, /is whole: there is nothing to salvage/);
    await second.ask('Go on.');
    assert.deepEqual(readable(second.shown), [
      ...['user: Hello.', 'answer: An answer.', 'end: completed'],
      ...['user: Go on.', 'answer: I go on.', 'end: completed'],
    ]);
    second.sessions.create();
    const draft = await refusalOf('not_supported', salvageShown(second.sessions, salvage));
    assert.match(draft.message, /no message yet: there is nothing to salvage/);
    assert.equal((await later.list()).length, 2);
    await second.close();
  });

  it('a session of which nothing can be read stays in the list of every folder, whatever its age, until it is salvaged', async () => {
    const { store } = await fileStorage(dir);
    const first = new SessionWindow({ store, workspace, script: [{ text: 'An answer.' }] });
    const id = await first.ask('Hello.');
    await first.close();
    const [file = ''] = filesBelow(dir).filter((name) => name.endsWith('session.db'));
    writeFileSync(file, 'garbage '.repeat(2_000));
    rmSync(path.join(path.dirname(file), 'meta.json'));
    const { store: later, sweep } = await fileStorage(dir);
    const found: Found[] = [];
    const searchText = memoryStorage().searchText;
    const ports = { store: later, folders: () => ['file:///two'], isOurs: () => false, searchText };
    await new SessionSearch({ ...ports, post: (rows) => found.push(rows) }).search('', false);
    assert.deepEqual(
      found[0]?.rows.map(({ sessionId, title, folder }) => [sessionId, title, folder]),
      [[id, 'A session that cannot be read', undefined]],
    );
    const now = (): number => Date.now() + 1_000 * 86_400_000;
    const settings = () => ({ keepDays: 1, trashDays: 1 });
    assert.deepEqual(await applyRetention({ store: later, sweep, settings, now }, neverAborted), []);
    assert.equal(await later.exists(id), true);
    const second = new SessionWindow({ store: later, workspace });
    await second.sessions.select(id);
    assert.equal(second.sessions.readOnly?.kind, 'damaged');
    await second.close();
  });

  it('a session that was taken back to before its first message stays in the list', async () => {
    const { store, searchText } = await fileStorage(dir);
    const window = new SessionWindow({ store, workspace, script: [{ text: 'An answer.' }] });
    const id = await window.ask('Hello.');
    const [first] = window.shown.items;
    assert.ok(first?.kind === 'user');
    await window.sessions.agent(id)?.rewind(first.messageId);
    await window.close();
    const found: Found[] = [];
    const ports = { store, searchText, folders: () => ['file:///one'], isOurs: () => false };
    await new SessionSearch({ ...ports, post: (rows) => found.push(rows) }).search('', false);
    assert.deepEqual(
      found[0]?.rows.map(({ sessionId }) => sessionId),
      [id],
    );
  });

  it('an API key is in no file of the store, even where the endpoint sends it back in its refusal', async () => {
    const apiKey = 'sk-verysecret0123456789abcdefghij';
    const server = await startFaultServer();
    const body = JSON.stringify({ error: { message: `The key ${apiKey} is not valid.`, type: 'auth' } });
    server.answer({ status: 401, headers: { 'content-type': 'application/json' }, body });
    const model = await openModel({ vendor: 'openai-compatible', model: 'm', apiKey, baseUrl: `${server.url}/v1` });
    const { store } = await fileStorage(dir);
    const window = new SessionWindow({ store, workspace, model });
    await window.ask('Hello.');
    assert.ok(JSON.stringify(server.requests[0]?.headers).includes(apiKey), 'the endpoint got the key');
    await window.close();
    await server.stop();
    assert.ok(existsSync(dir));
    const leaking = filesBelow(dir).filter((file) => readFileSync(file).includes(apiKey));
    assert.deepEqual(leaking, []);
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .flatMap((file) => (statSync(file).isDirectory() ? filesBelow(file) : [file]));
}
