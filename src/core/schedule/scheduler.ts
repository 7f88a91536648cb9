import { ConfigError } from '../errors';
import type { AgentEvent, EventOf } from '../protocol/events';
import { parseCron } from './cron';
import { everyInterval, TimeTable } from './timeTable';
import type { Timers } from './timers';
import { errorText } from '../util/errorText';

/** What a callback hears of the steps of its agent. */
export interface StepTrigger {
  /** Model steps of the agent so far, over all its turns and restarts. */
  readonly stepCount: number;
  /** Aborted when the task is no longer wanted: cancelled, or the agent let go. */
  readonly signal: AbortSignal;
}

/** What a callback hears of its time. */
export interface TimeTrigger {
  readonly taskId: string;
  /** Milliseconds since 1970. */
  readonly triggeredAt: number;
  /** Aborted when the task is no longer wanted: cancelled, or the agent let go. */
  readonly signal: AbortSignal;
}

/** What a scheduler works with: the clock, and where it tells what it does. */
export interface SchedulerPorts {
  readonly now: () => number;
  readonly timers: Timers;
  readonly record: (event: AgentEvent) => Promise<unknown>;
  /** @throws StoreError 'closed'. */
  readonly checkOpen: () => void;
}

type Kind = EventOf<'scheduler_triggered'>['kind'];

interface Task {
  readonly id: string;
  readonly spec: string;
  readonly kind: Kind;
  readonly abort: AbortController;
}

interface StepTask {
  readonly every: number;
  /** Steps since it was last due. */
  passed: number;
  readonly task: Task;
  readonly run: (stepCount: number) => void | Promise<void>;
}

/**
 * What an agent's host does every so many steps, at times or by a cron line. A step is a model call with the calls it asked for
 * (`step_complete`), so one turn may have many. Callbacks run one after the other. One that throws becomes an `error` event and
 * goes on being called. Tasks are functions: they end with the agent and are made anew after a restart. No timer keeps the process
 * alive; what came due while the machine slept, or while the task's last run was not over, is done once.
 */
export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #tasks = new Map<string, Task>();
  readonly #steps = new Map<string, StepTask>();
  readonly #listeners = new Set<StepTask>();
  readonly #times: TimeTable;
  #line: Promise<void> = Promise.resolve();
  #abort = new AbortController();
  #count = 0;

  constructor(ports: SchedulerPorts) {
    this.#ports = ports;
    this.#times = new TimeTable(ports);
  }

  /** Every `steps` steps, counted from now. @returns the task's id. @throws ConfigError 'invalid_value'. */
  everySteps(steps: number, callback: (trigger: StepTrigger) => void | Promise<void>): string {
    if (!(Number.isInteger(steps) && steps > 0))
      throw new ConfigError('invalid_value', `everySteps cannot count to ${steps}.`, {
        advice: 'Give a whole number from 1 on.',
      });
    const task = this.#newTask('steps', `steps:${steps}`);
    const run = (stepCount: number): void | Promise<void> => callback({ stepCount, signal: task.abort.signal });
    this.#steps.set(task.id, { every: steps, passed: 0, task, run });
    return task.id;
  }

  /** After each step; no event tells of it. @returns what ends it. */
  onStep(callback: (trigger: StepTrigger) => void | Promise<void>): () => void {
    const task = this.#newTask('steps', 'steps:1');
    const run = (stepCount: number): void | Promise<void> => callback({ stepCount, signal: task.abort.signal });
    const listener = { every: 1, passed: 0, task, run };
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.cancel(task.id);
    };
  }

  /** Every so many minutes from now on, 1/60 at least. @returns the task's id. @throws ConfigError 'invalid_value'. */
  everyMinutes(minutes: number, callback: (trigger: TimeTrigger) => void | Promise<void>): string {
    const next = everyInterval(minutes, this.#ports.now());
    return this.#atTimes(this.#newTask('time', `every:${minutes}m`), next, callback);
  }

  /** When the cron line is due: see `parseCron`. @returns the task's id. @throws ConfigError 'invalid_value', naming the field. */
  cron(line: string, callback: (trigger: TimeTrigger) => void | Promise<void>): string {
    const { next } = parseCron(line);
    return this.#atTimes(this.#newTask('cron', `cron:${line.trim()}`), next, callback);
  }

  /** Runs it once, after what stands in line. */
  enqueue(callback: () => void | Promise<void>): void {
    this.#ports.checkOpen();
    const { signal } = this.#abort;
    void this.#inLine('What was enqueued', signal, callback);
  }

  /** Ends a task; what of it waits in line is not run any more. @returns whether there was one. */
  cancel(id: string): boolean {
    const task = this.#tasks.get(id);
    task?.abort.abort(new Error('The scheduled task was cancelled.'));
    this.#times.remove(id);
    this.#steps.delete(id);
    return this.#tasks.delete(id);
  }

  /** Ends all tasks and empties the line. */
  clear(): void {
    for (const id of [...this.#tasks.keys()]) this.cancel(id);
    this.#listeners.clear();
    this.#abort.abort(new Error('The scheduler was cleared.'));
    this.#abort = new AbortController();
  }

  /** The agent has come to the end of a step. */
  notifyStep(stepCount: number): void {
    for (const { task, run } of this.#listeners)
      void this.#inLine(nameOf(task), task.abort.signal, () => run(stepCount));
    for (const step of this.#steps.values()) {
      if (++step.passed < step.every) continue;
      step.passed = 0;
      void this.#trigger(step.task, () => step.run(stepCount));
    }
  }

  #newTask(kind: Kind, spec: string): Task {
    this.#ports.checkOpen();
    const task = { id: `${kind}-${++this.#count}`, spec, kind, abort: new AbortController() };
    this.#tasks.set(task.id, task);
    return task;
  }

  #atTimes(
    task: Task,
    next: (time: number) => number,
    callback: (trigger: TimeTrigger) => void | Promise<void>,
  ): string {
    const { id: taskId, abort } = task;
    this.#times.add(taskId, next, () =>
      this.#trigger(task, (triggeredAt) => callback({ taskId, triggeredAt, signal: abort.signal })),
    );
    return taskId;
  }

  #trigger(task: Task, run: (triggeredAt: number) => void | Promise<void>): Promise<void> {
    const { id: taskId, spec, kind } = task;
    return this.#inLine(nameOf(task), task.abort.signal, async () => {
      const triggeredAt = this.#ports.now();
      await this.#ports.record({ channel: 'monitor', type: 'scheduler_triggered', taskId, spec, kind, triggeredAt });
      await run(triggeredAt);
    });
  }

  /** Resolves when it was its turn; never fails. */
  #inLine(name: string, signal: AbortSignal, run: () => void | Promise<void>): Promise<void> {
    this.#line = this.#line.then(async () => {
      if (signal.aborted) return;
      try {
        await run();
      } catch (error) {
        await this.#report(name, error);
      }
    });
    return this.#line;
  }

  async #report(name: string, error: unknown): Promise<void> {
    const message = `${name} failed: ${errorText(error)}`;
    const event: AgentEvent = { channel: 'monitor', type: 'error', severity: 'error', phase: 'system', message };
    // An agent that is closed by then has nowhere to report to.
    await this.#ports.record(event).catch(() => undefined);
  }
}

function nameOf({ id, spec }: Task): string {
  return `The scheduled task ${id} (${spec})`;
}
