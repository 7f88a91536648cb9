import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import { ConfigError } from '../../src/core/errors';
import type { EventOf } from '../../src/core/protocol/events';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { eventually } from '../support/eventually';
import { FakeClock, settled } from '../support/fakeClock';

const minute = 60_000;
const day = 24 * 60 * minute;

describe('what is scheduled', () => {
  let workspace: Workspace;
  let agent: Agent;
  let clock: FakeClock;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
    clock = new FakeClock('2026-11-20T12:00:00');
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const read = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
  async function newAgent(steps = 1): Promise<Agent> {
    const script = [...Array.from({ length: steps - 1 }, () => read), { text: 'Done.' }];
    const deps = dependenciesFor({ script, workspace });
    agent = await Agent.create({ templateId: 'test' }, { ...deps, now: clock.now, timers: clock.timers });
    return agent;
  }

  async function triggered(): Promise<readonly EventOf<'scheduler_triggered'>[]> {
    return (await historyOf(agent)).flatMap((event) => (event.type === 'scheduler_triggered' ? [event] : []));
  }

  it('every so many steps counts model steps, those of one turn too', async () => {
    const schedule = (await newAgent(5)).schedule();
    const seen: number[] = [];
    const every: number[] = [];
    schedule.everySteps(2, ({ stepCount }) => void seen.push(stepCount));
    schedule.onStep(({ stepCount }) => void every.push(stepCount));
    await agent.complete('Go.');
    await eventually('all steps are heard of', () => every.length === 5 && seen.length === 2);
    assert.deepEqual(
      [seen, every],
      [
        [2, 4],
        [1, 2, 3, 4, 5],
      ],
    );
    const [first] = await triggered();
    assert.deepEqual(
      { ...first, triggeredAt: 0 },
      {
        ...{ channel: 'monitor', type: 'scheduler_triggered', taskId: 'steps-1', spec: 'steps:2', kind: 'steps' },
        triggeredAt: 0,
      },
    );
  });

  it('every so many minutes is due at its times, each told by an event', async () => {
    const seen: number[] = [];
    (await newAgent()).schedule().everyMinutes(10, ({ triggeredAt }) => void seen.push(triggeredAt - start));
    const start = clock.time;
    await clock.advance(9 * minute);
    assert.deepEqual(seen, []);
    await clock.advance(21 * minute);
    assert.deepEqual(seen, [10 * minute, 20 * minute, 30 * minute]);
    assert.deepEqual(
      (await triggered()).map(({ kind, spec }) => [kind, spec]),
      Array.from({ length: 3 }, () => ['time', 'every:10m']),
    );
  });

  it('by a cron line is due at its times', async () => {
    const seen: string[] = [];
    (await newAgent()).schedule().cron('0 9 * * mon', () => void seen.push(new Date(clock.time).toDateString()));
    await clock.advance(11 * day);
    assert.deepEqual(seen, ['Mon Nov 23 2026', 'Mon Nov 30 2026']);
    assert.equal((await triggered())[0]?.spec, 'cron:0 9 * * mon');
  });

  it('beyond the longest wait of a timer is due at its time all the same', async () => {
    const seen: number[] = [];
    (await newAgent()).schedule().everyMinutes(40 * 24 * 60, () => void seen.push(clock.time));
    const start = clock.time;
    await clock.advance(39 * day);
    assert.deepEqual(seen, []);
    await clock.advance(2 * day);
    assert.deepEqual(seen, [start + 40 * day]);
  });

  it('and slept through is done once', async () => {
    let count = 0;
    (await newAgent()).schedule().everyMinutes(10, () => {
      count++;
    });
    await clock.sleep(8 * 60 * minute + 5 * minute);
    assert.equal(count, 1);
    await clock.advance(10 * minute);
    assert.equal(count, 2);
  });

  it('goes on where the clock was set back', async () => {
    let count = 0;
    (await newAgent()).schedule().everyMinutes(10, () => {
      count++;
    });
    await clock.advance(5 * minute);
    await clock.sleep(-2 * day);
    await clock.advance(10 * minute);
    assert.equal(count, 1);
  });

  it('is not due again while its last run is not over', async () => {
    let count = 0;
    let end = (): void => undefined;
    (await newAgent()).schedule().everyMinutes(1, () => {
      count++;
      return new Promise<void>((resolve) => (end = resolve));
    });
    await clock.advance(10 * minute);
    assert.equal(count, 1);
    end();
    await settled();
    await clock.advance(minute);
    assert.equal(count, 2);
  });

  it('runs one after the other, what is enqueued too', async () => {
    const schedule = (await newAgent()).schedule();
    const log: string[] = [];
    const slow = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`${name} ends`);
    };
    schedule.enqueue(slow('first'));
    schedule.enqueue(slow('second'));
    await eventually('both have ended', () => log.length === 4);
    assert.deepEqual(log, ['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('known fault: an error in a scheduled callback kills the process', async () => {
    const schedule = (await newAgent(2)).schedule();
    const wild: unknown[] = [];
    const caught = (error: unknown): void => void wild.push(error);
    process.on('uncaughtException', caught);
    process.on('unhandledRejection', caught);
    let later = 0;
    schedule.onStep(() => {
      throw new Error('the step callback is broken');
    });
    schedule.everySteps(1, () => Promise.reject(new Error('the steps callback is broken')));
    schedule.everyMinutes(1, async () => {
      await Promise.resolve();
      throw new Error('the time callback is broken');
    });
    schedule.cron('* * * * *', () => Promise.reject(new Error('the cron callback is broken')));
    schedule.enqueue(() => {
      throw new Error('what was enqueued is broken');
    });
    schedule.everyMinutes(2, () => {
      later++;
    });
    await agent.complete('Go.');
    await clock.advance(minute);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(minute);
    await eventually('what comes after the failing ones runs', () => later === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('uncaughtException', caught);
    process.off('unhandledRejection', caught);
    assert.deepEqual(wild, []);
    const errors = (await historyOf(agent)).flatMap((event) => (event.type === 'error' ? [event.message] : []));
    for (const what of [
      'the step callback',
      'the steps callback',
      'the time callback',
      'the cron callback',
      'enqueued',
    ])
      assert.ok(
        errors.some((message) => message.includes(what)),
        `${what}: ${errors.join('; ')}`,
      );
    assert.equal(errors.filter((message) => message.includes('the time callback')).length, 2);
    assert.equal((await agent.complete('And on.')).status, 'ok');
  });

  it('ends when it is cancelled, what waits in line too', async () => {
    const schedule = (await newAgent()).schedule();
    let count = 0;
    const id = schedule.everyMinutes(1, () => {
      count++;
    });
    const off = schedule.onStep(() => {
      count++;
    });
    assert.equal(schedule.cancel(id), true);
    assert.equal(schedule.cancel(id), false);
    off();
    schedule.enqueue(() => {
      count++;
    });
    schedule.clear();
    await agent.complete('Go.');
    await clock.advance(5 * minute);
    assert.deepEqual([count, clock.openTimers], [0, 0]);
  });

  it('tells a running callback that it is no longer wanted', async () => {
    const schedule = (await newAgent()).schedule();
    let aborted = false;
    const id = schedule.everyMinutes(1, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted = true;
    });
    const begun = nextEvent(agent, 'scheduler_triggered');
    await clock.advance(minute);
    await begun;
    schedule.cancel(id);
    await eventually('the callback hears of it', () => aborted);
  });

  it('ends with its agent, which takes nothing new then', async () => {
    const schedule = (await newAgent()).schedule();
    let count = 0;
    schedule.everyMinutes(1, () => {
      count++;
    });
    schedule.cron('* * * * *', () => {
      count++;
    });
    assert.equal(clock.openTimers, 1);
    await agent[Symbol.asyncDispose]();
    assert.equal(clock.openTimers, 0);
    await clock.advance(5 * minute);
    assert.equal(count, 0);
    assert.throws(() => schedule.everyMinutes(1, () => undefined), { code: 'closed' });
    assert.throws(() => agent.schedule(), { code: 'closed' });
  });

  it('may give the agent work, whose steps count again', async () => {
    const schedule = (await newAgent()).schedule();
    schedule.everyMinutes(30, async () => {
      await agent.complete('Look around.');
    });
    const done = nextEvent(agent, 'done');
    await clock.advance(30 * minute);
    assert.equal((await done).reason, 'completed');
  });

  it('is refused with what is wrong with it', async () => {
    const schedule = (await newAgent()).schedule();
    for (const steps of [0, -1, 1.5, NaN])
      assert.throws(() => schedule.everySteps(steps, () => undefined), ConfigError);
    for (const minutes of [0, -1, 0.001, NaN, Infinity])
      assert.throws(() => schedule.everyMinutes(minutes, () => undefined), ConfigError);
    assert.throws(() => schedule.cron('61 * * * *', () => undefined), /minute .* "61"/);
    assert.equal(clock.openTimers, 0);
  });
});
