import { strict as assert } from 'node:assert';
import { OpenSlots, type SlotMember } from '../../../../src/node/store/openSlots';

describe('Places for open histories', () => {
  class Member implements SlotMember {
    openings = 0;
    isOpen = false;
    busy = false;

    async open(): Promise<void> {
      this.openings++;
      this.isOpen = true;
    }

    async close(): Promise<void> {
      this.isOpen = false;
    }

    isBusy(): boolean {
      return this.busy;
    }
  }

  const members = (count: number, busy: boolean): readonly Member[] =>
    Array.from({ length: count }, () => Object.assign(new Member(), { busy }));

  async function useInTurns(slots: OpenSlots, all: readonly Member[], rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++)
      for (const member of all) await slots.use(member, () => Promise.resolve());
  }

  it('stay with those that are busy, however many use them in turns', async () => {
    const slots = new OpenSlots(4);
    const busy = members(10, true);
    await useInTurns(slots, busy, 5);
    assert.deepEqual(new Set(busy.map(({ openings }) => openings)), new Set([1]));
    assert.equal(slots.open, 10);
  });

  it('are limited for those that rest, and given back by those that have just come to rest', async () => {
    const slots = new OpenSlots(4);
    const [busy, resting] = [members(10, true), members(20, false)];
    await useInTurns(slots, busy, 1);
    await useInTurns(slots, resting, 2);
    assert.equal(resting.filter(({ isOpen }) => isOpen).length, 4);
    assert.deepEqual(new Set(busy.map(({ openings }) => openings)), new Set([1]));
    for (const member of busy) member.busy = false;
    await useInTurns(slots, busy, 1);
    assert.equal(slots.open, 4);
  });

  it('have an end for those that are busy too', async () => {
    const slots = new OpenSlots(2);
    await useInTurns(slots, members(40, true), 1);
    assert.equal(slots.open, 16);
  });
});
