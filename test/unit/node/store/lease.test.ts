import { strict as assert } from 'node:assert';
import { readdir, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import {
  lookAtLease,
  takeLease,
  type LeaseAttempt,
  type LeasePorts,
  type OwnerState,
} from '../../../../src/node/store/lease';
import { judge, leaseText, parseLease, type LeaseOwner } from '../../../../src/node/store/leaseOwner';
import type { Machine, ProcessIdentity, ProcessState } from '../../../../src/node/store/machine';
import { useTempFolder } from '../../../support/tempFolder';

const here: ProcessIdentity = {
  ...{ machineId: 'machine', bootId: 'boot', pidNamespace: 'pids' },
  ...{ pid: 7, startTime: '100', host: 'here' },
};
const owner: LeaseOwner = { ...here, since: 5, holder: { id: 'other', channel: undefined, token: 'secret' } };

describe('The lease of a session', () => {
  const temp = useTempFolder();
  const leases = async (): Promise<readonly string[]> => (await readdir(temp.path)).sort();
  const ports = (id: string, verdict: OwnerState | ((owner: LeaseOwner) => Promise<OwnerState>)): LeasePorts => ({
    ...{ self: here, holder: { id, channel: undefined, token: '' }, now: () => 1 },
    judge: typeof verdict === 'string' ? async () => verdict : verdict,
  });
  async function taken(attempt: Promise<LeaseAttempt>): Promise<Extract<LeaseAttempt, { kind: 'taken' }>> {
    const result = await attempt;
    assert.ok(result.kind === 'taken');
    return result;
  }

  it('goes to exactly one of many who find the owner dead at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      await writeFile(path.join(temp.path, 'lock.1'), leaseText({ kind: 'owned', owner }));
      const judges = async ({ holder }: LeaseOwner): Promise<OwnerState> => (holder.id === 'other' ? 'dead' : 'alive');
      const all = await Promise.all(
        Array.from({ length: 12 }, (_none, place) => takeLease(temp.path, ports(`holder-${place}`, judges))),
      );
      const winners = all.flatMap((one) => (one.kind === 'taken' ? [one] : []));
      assert.equal(winners.length, 1);
      assert.equal(winners[0]?.after, 'dead');
      assert.ok(winners[0].lease.holds());
      assert.deepEqual(await leases(), ['lock.2']);
      await rename(path.join(temp.path, 'lock.2'), path.join(temp.path, 'lock.1'));
    }
  });

  it('is backed out of by one who looked at it long before', async () => {
    await writeFile(path.join(temp.path, 'lock.1'), leaseText({ kind: 'owned', owner }));
    let isFirst = true;
    const slow = ports('slow', async ({ holder }) => {
      if (holder.id !== 'other') return 'alive';
      assert.ok(isFirst);
      isFirst = false;
      // Meanwhile others go on from there, twice: what was seen is long gone.
      const one = await taken(takeLease(temp.path, ports('one', 'dead')));
      await one.lease.release();
      await taken(takeLease(temp.path, ports('two', 'dead')));
      return 'dead';
    });
    const result = await takeLease(temp.path, slow);
    assert.ok(result.kind === 'held' && result.owner.holder.id === 'two');
    assert.deepEqual(await leases(), ['lock.3']);
  });

  it('ends for the old owner as soon as somebody has taken over, and a late release frees nothing', async () => {
    const old = await taken(takeLease(temp.path, ports('old', 'alive')));
    assert.ok(old.lease.holds());
    const next = await taken(takeLease(temp.path, ports('next', 'unknown'), true));
    assert.deepEqual([old.lease.holds(), next.lease.holds(), next.after], [false, true, 'unknown']);
    await old.lease.release();
    assert.equal((await takeLease(temp.path, ports('third', 'alive'))).kind, 'held');
    await next.lease.release();
    assert.equal((await taken(takeLease(temp.path, ports('third', 'alive')))).after, 'released');
    assert.deepEqual(await leases(), ['lock.3']);
  });

  it('is not given for an unknown owner without a person’s decision', async () => {
    await taken(takeLease(temp.path, ports('old', 'alive')));
    const result = await takeLease(temp.path, ports('next', 'unknown'));
    assert.deepEqual([result.kind, result.kind === 'held' && result.state], ['held', 'unknown']);
    assert.equal((await lookAtLease(temp.path, ports('next', 'unknown')))?.owner.pid, 7);
    assert.equal(await lookAtLease(temp.path, ports('next', 'dead')), undefined);
  });

  it('waits for one that is just being written, and goes on from one that was cut off', async () => {
    const file = path.join(temp.path, 'lock.4');
    await writeFile(file, '{"pid":');
    const early = await takeLease(temp.path, ports('next', 'alive'));
    assert.deepEqual([early.kind, early.kind === 'held' && early.state], ['held', 'unknown']);
    await utimes(file, 1, 1);
    assert.equal((await taken(takeLease(temp.path, ports('next', 'alive')))).after, 'dead');
    assert.deepEqual(await leases(), ['lock.5']);
  });

  it('works on file systems without links', async () => {
    const fs = createRequire(path.join(process.cwd(), 'x.js'))('node:fs/promises') as { link: unknown };
    const { link } = fs;
    fs.link = async () => {
      throw Object.assign(new Error('no links here'), { code: 'ENOTSUP' });
    };
    try {
      const one = await taken(takeLease(temp.path, ports('one', 'alive')));
      assert.equal((await takeLease(temp.path, ports('two', 'alive'))).kind, 'held');
      await one.lease.release();
      await taken(takeLease(temp.path, ports('two', 'alive')));
      assert.deepEqual(await leases(), ['lock.2']);
    } finally {
      fs.link = link;
    }
  });

  it('is looked at in a few microseconds', async () => {
    const { lease } = await taken(takeLease(temp.path, ports('one', 'alive')));
    const began = performance.now();
    for (let count = 0; count < 10_000; count++) assert.ok(lease.holds());
    const microseconds = (performance.now() - began) / 10;
    if (process.env['COUNTERSIGN_TIMES']) console.log(`      ${microseconds.toFixed(1)} microseconds`);
    assert.ok(microseconds < 200, `${microseconds} microseconds`);
  });

  it('can be read by this user only', async function () {
    if (process.platform === 'win32') this.skip();
    await taken(takeLease(temp.path, ports('one', 'alive')));
    assert.equal((await stat(path.join(temp.path, 'lock.1'))).mode & 0o777, 0o600);
  });
});

describe('Whether the owner of a lease is alive', () => {
  const running: ProcessState = { state: 'running', startTime: '100' };
  const table: readonly (readonly [string, Partial<LeaseOwner>, Partial<Machine>, string])[] = [
    ['a process that began when the owner did', {}, {}, 'alive'],
    ['a process of that number that began at another time', { startTime: '99' }, {}, 'dead'],
    ['no process of that number', {}, { processState: async () => ({ state: 'gone' }) }, 'dead'],
    ['an earlier start of this machine', { bootId: 'earlier' }, {}, 'dead'],
    ['another machine', { machineId: 'other' }, {}, 'unknown'],
    ['another machine that started at another time', { machineId: 'other', bootId: 'earlier' }, {}, 'unknown'],
    ['another pid namespace', { pidNamespace: 'others' }, {}, 'unknown'],
    ['a pid namespace that is not known', { pidNamespace: undefined }, {}, 'unknown'],
    ['a process whose start is not known', { startTime: undefined }, {}, 'unknown'],
    ['another start of a machine that is not known', { machineId: undefined, bootId: 'earlier' }, {}, 'unknown'],
    ['this start of a machine without an id', { machineId: undefined }, {}, 'alive'],
    ['neither machine nor start known', { machineId: undefined, bootId: undefined }, {}, 'unknown'],
    ['this machine, its start not known', { bootId: undefined }, {}, 'alive'],
  ];
  for (const [what, differs, sees, expected] of table)
    it(`${expected}: ${what}`, async () => {
      const machine: Machine = { self: here, bootedAt: 1_000, processState: async () => running, ...sees };
      assert.equal(await judge({ ...owner, ...differs }, machine, async () => 900), expected);
    });

  it('unknown: a machine made from the same image that shows life after this one was started', async () => {
    const machine: Machine = { self: here, bootedAt: 1_000, processState: async () => ({ state: 'gone' }) };
    assert.equal(await judge({ ...owner, bootId: 'other' }, machine, async () => 1_100), 'unknown');
  });

  it('cannot be said of a file that leads a heartbeat out of its folder', () => {
    const text = leaseText({ kind: 'owned', owner: { ...owner, holder: { ...owner.holder, id: '../../x' } } });
    assert.equal(parseLease(text), undefined);
    assert.equal(parseLease('[]'), undefined);
    assert.deepEqual(parseLease(leaseText({ kind: 'owned', owner })), { kind: 'owned', owner });
  });
});
