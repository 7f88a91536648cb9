import { ConfigError } from '../errors';
import type { Scheduler } from '../schedule/scheduler';
import type { EventHub } from './eventHub';
import type { Journal } from './journal';
import type { Start } from './setup';
import type { AgentState } from './state';

interface SchedulingAgent {
  readonly hub: EventHub;
  readonly journal: Journal;
  readonly state: Readonly<AgentState>;
  checkOpen(): void;
}

/** The scheduler of an agent, which hears of its steps. @throws ConfigError 'missing_dependency'. */
export function newScheduler(core: SchedulingAgent, { now, timers, makeScheduler: make }: Start): Scheduler {
  if (!make)
    throw new ConfigError('missing_dependency', "The agent's dependencies lack: scheduler.", {
      advice: 'Pass `makeScheduler: (ports) => new Scheduler(ports)` with the others.',
    });
  const scheduler = make({
    ...{ now, timers, checkOpen: () => core.checkOpen() },
    record: (event) => core.journal.record({ events: [event] }),
  });
  core.hub.on('step_complete', () => scheduler.notifyStep(core.state.stepCount));
  return scheduler;
}
