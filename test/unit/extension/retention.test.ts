import { strict as assert } from 'node:assert';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { applyRetention } from '../../../src/extension/sessions/retention';
import { neverAborted } from '../../support/refusal';
import { storedSession } from '../../support/storedSession';

const dayMs = 86_400_000;
const now = 1_000 * dayMs;

describe('keeping only recent sessions', () => {
  let store: MemoryStore;
  const swept: number[] = [];
  beforeEach(() => {
    store = new MemoryStore();
    swept.length = 0;
  });

  const apply = (keepDays: number, trashDays = 30, at = now): ReturnType<typeof applyRetention> =>
    applyRetention(
      {
        store,
        settings: () => ({ keepDays, trashDays }),
        sweep: (age) => Promise.resolve(void swept.push(age)),
        now: () => at,
      },
      neverAborted,
    );
  const titles = async (): Promise<readonly string[]> => (await store.summaries()).map(({ title }) => title);

  it('by default nothing goes away', async () => {
    await storedSession(store, { title: 'Ancient', at: 1 });
    assert.deepEqual(await apply(0), []);
    assert.deepEqual(await titles(), ['Ancient']);
  });

  it('what is older goes into the trash, from where it can be brought back; pinned and open sessions stay', async () => {
    const old = await storedSession(store, { title: 'Old', at: now - 11 * dayMs });
    await storedSession(store, { title: 'Recent', at: now - 9 * dayMs });
    await storedSession(store, { title: 'Pinned', at: now - 50 * dayMs, pinned: true });
    const open = await storedSession(store, { title: 'Open', at: now - 49 * dayMs });
    const log = await store.open(open, 'existing');
    assert.deepEqual(await apply(10), [old]);
    assert.deepEqual(await titles(), ['Recent', 'Open', 'Pinned']);
    await store.restore(old);
    assert.equal((await titles()).length, 4);
    await log.close();
  });

  it('looks once a day, however many windows open', async () => {
    await apply(10);
    await storedSession(store, { title: 'Old', at: 1 });
    assert.deepEqual(await apply(10, 30, now + dayMs - 1), []);
    assert.equal((await apply(10, 30, now + dayMs)).length, 1);
  });

  it('the trash is swept of what is older than its days; with 0 days never', async () => {
    await apply(0, 3);
    await apply(0, 0, now + dayMs);
    assert.deepEqual(swept, [3 * dayMs, Infinity]);
  });
});
