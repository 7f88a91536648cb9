import { strict as assert } from 'node:assert';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { memoryStorage } from '../../../src/extension/sessions/openStore';
import { SessionSearch, type Found, type SessionSearchPorts } from '../../../src/extension/sessions/sessionSearch';
import { storedSession } from '../../support/storedSession';

describe('searching the sessions', () => {
  let store: MemoryStore;
  const posted: Found[] = [];
  beforeEach(() => {
    store = new MemoryStore();
    posted.length = 0;
  });

  const search = (ports: Partial<SessionSearchPorts> = {}): SessionSearch =>
    new SessionSearch({
      store,
      folders: () => ['file:///here'],
      isOurs: () => false,
      searchText: memoryStorage(store).searchText,
      post: (found) => posted.push(found),
      ...ports,
    });
  const titles = (found: Found | undefined): readonly string[] => found?.rows.map(({ title }) => title) ?? [];

  it('an empty query lists what belongs to this folder: pinned first, then the last changed', async () => {
    await storedSession(store, { title: 'Old', at: 1_000 });
    await storedSession(store, { title: 'New', at: 3_000 });
    await storedSession(store, { title: 'Pinned', at: 500, pinned: true });
    await storedSession(store, { title: 'Elsewhere', at: 4_000, folders: ['file:///there'] });
    await storedSession(store, { title: "A subagent's", at: 5_000, parent: 'agt-1' });
    await search().search('', false);
    assert.deepEqual(titles(posted[0]), ['Pinned', 'New', 'Old']);
    assert.deepEqual([posted.length, posted[0]?.total, posted[0]?.done], [1, 3, true]);
  });

  it('sessions of other folders come when asked for, with the folder’s name', async () => {
    await storedSession(store, { title: 'Here', at: 1_000 });
    await storedSession(store, { title: 'Elsewhere', at: 2_000, folders: ['file:///home/my%20app'] });
    await search().search('', true);
    assert.deepEqual(
      posted[0]?.rows.map(({ title, folder }) => [title, folder]),
      [
        ['Elsewhere', 'my app'],
        ['Here', undefined],
      ],
    );
  });

  it('titles come at once, then what was said, with the text around it', async () => {
    await storedSession(store, { title: 'Apples', at: 2_000, said: ['Pears are green.'] });
    await storedSession(store, { title: 'Colours', at: 1_000, said: ['What about the APPLES over there?'] });
    await storedSession(store, { title: 'Nothing', at: 3_000, said: ['No fruit.'] });
    await search().search('apples', false);
    assert.deepEqual([titles(posted[0]), posted[0]?.done], [['Apples'], false]);
    const last = posted.at(-1);
    assert.deepEqual([titles(last), last?.done, last?.total], [['Apples', 'Colours'], true, 2]);
    assert.match(last?.rows[1]?.match ?? '', /What about the APPLES over there\?/);
  });

  it('a newer search cancels the older one, which posts nothing any more', async () => {
    for (let count = 0; count < 5; count++) await storedSession(store, { title: `Apple ${count}`, at: count });
    let isAborted = false;
    const endless: SessionSearchPorts['searchText'] = async function* (_query, [session], signal) {
      if (session) yield { agentId: session.agentId, text: 'found' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      isAborted = true;
      signal.throwIfAborted();
    };
    const both = search({ searchText: endless });
    const first = both.search('apple', false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = posted.length;
    await both.search('', false);
    await first;
    assert.ok(isAborted);
    assert.deepEqual(
      posted.slice(before).map(({ query }) => query),
      [''],
    );
  });

  it('a search that fails says that it is done, with what was found, and its failure is heard of', async () => {
    await storedSession(store, { title: 'Apple', at: 1 });
    const failing = search({
      searchText: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('disk gone')) }) }),
    });
    await assert.rejects(failing.search('app', false), /disk gone/);
    assert.deepEqual([titles(posted.at(-1)), posted.at(-1)?.done], [['Apple'], true]);
  });

  it('a session in which nobody works is at rest in the list, whatever it was doing at the end; one of another window is marked', async () => {
    const held = await storedSession(store, { title: 'Held', at: 2, state: 'WORKING' });
    await storedSession(store, { title: 'Crashed', at: 1, state: 'WORKING' });
    const release = await store.hold(held);
    await search().search('', false);
    assert.deepEqual(
      posted[0]?.rows.map((row) => [row.title, row.state, row.held]),
      [
        ['Held', 'WORKING', true],
        ['Crashed', 'READY', false],
      ],
    );
    await release();
  });

  it('of many sessions 200 rows come, and the number of all; 2,000 take less than a second', async () => {
    for (let count = 0; count < 2_000; count++) await storedSession(store, { title: `Session ${count}`, at: count });
    const start = performance.now();
    await search().search('', false);
    assert.deepEqual(
      [posted[0]?.rows.length, posted[0]?.total, posted[0]?.rows[0]?.title],
      [200, 2_000, 'Session 1999'],
    );
    assert.ok(performance.now() - start < 1_000);
  });
});
