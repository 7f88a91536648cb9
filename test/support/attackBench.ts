import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:net';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decide } from '../../src/core/permission/policy';
import type { PermissionMode } from '../../src/core/protocol/modes';
import { bashRun } from '../../src/core/tools/bashRun';
import type { ToolPlan } from '../../src/core/tools/tool';
import { testAgent } from './agents';
import { canary, canBeShown, harmDone, runInShell, shellVariables, type Attack } from './attack';
import { makeVictim, prepareVictim, snapshotOf, type Snapshot, type Victim } from './attackVictim';
import { toolBench } from './toolBench';
import { writeFiles } from './tempFolder';

/** Longer than any of them needs; what is to hang need not be waited for as long. */
const timeoutMs = 20_000;
const hangMs = 500;

const modes: readonly PermissionMode[] = ['approval', 'auto'];

/**
 * One suite of command lines. Each is judged by what it really does when bash runs it in a copy of a throw-away repository, and
 * by our answer: asked or refused in the modes approval and auto, with the repository unchanged while it is asked. The first
 * `throughAgent` of them go through a whole agent.
 */
export function attackSuite(what: string, attacks: readonly Attack[], throughAgent = 1): void {
  describe(`attack: ${what}`, function () {
    this.timeout(30_000);
    let bench: AttackBench;
    before(async function () {
      // The command lines are bash's; on Windows every command asks.
      if (process.platform === 'win32') this.skip();
      bench = await AttackBench.open();
    });
    after(() => bench.close());
    for (const attack of attacks) it(titleOf(attack), () => bench.judge(attack));
    for (const attack of attacks.filter(({ defusable }) => defusable !== true).slice(0, throughAgent))
      for (const mode of modes)
        it(`a whole agent asks in mode ${mode}: ${titleOf(attack)}`, () => bench.askAgent(attack, mode));
  });
}

/** In print; what is long is cut. */
function titleOf({ command, prepare }: Attack): string {
  const line = JSON.stringify(command);
  const title = line.length > 120 ? `${line.slice(0, 120)}… (${command.length} characters)` : line;
  return prepare === undefined ? title : `${title} after ${JSON.stringify(prepare).slice(0, 100)}`;
}

class AttackBench {
  readonly #folder: string;
  readonly #original: Victim;
  readonly #listener: Server;
  /** Copies of the original that are as they were. */
  readonly #unharmed: Victim[] = [];
  #connections = 0;
  #lastCopy = 0;

  private constructor(folder: string, original: Victim) {
    this.#folder = folder;
    this.#original = original;
    this.#listener = createServer((socket) => {
      this.#connections += 1;
      socket.destroy();
    });
  }

  static async open(): Promise<AttackBench> {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'countersign-attack-')));
    const original = await makeVictim(path.join(folder, 'original'));
    const bench = new AttackBench(folder, original);
    await new Promise<void>((resolve) => bench.#listener.listen(0, '127.0.0.1', resolve));
    return bench;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#listener.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Our answer first, which must not change anything, and then the truth. */
  async judge(attack: Attack): Promise<void> {
    if (isPlain(attack)) {
      await this.#expectQuestion(attack, attack.defusable === true ? await this.#copy() : this.#original);
      await this.#proveHarm(attack, this.#unharmed.pop() ?? (await this.#copy()));
      return;
    }
    const victim = await this.#prepare(attack);
    await this.#expectQuestion(attack, attack.defusable === true ? await this.#copy(victim) : victim);
    await this.#proveHarm(attack, victim);
  }

  /** The whole way: the model calls, the agent pauses, the user denies. */
  async askAgent(attack: Attack, mode: PermissionMode): Promise<void> {
    const victim = await this.#prepare(attack);
    const command = this.#filled(attack.command, victim);
    const before = snapshotOf(victim.folder);
    const { workspace: folder } = victim;
    const agent = await testAgent({
      guarded: true,
      workspace: { folder, file: (name) => path.join(folder, name), remove: () => Promise.resolve() },
      config: { overrides: { permission: { mode } } },
      script: [{ calls: [{ name: 'bash_run', input: { cmd: command } }] }, { text: 'Done.' }],
    });
    try {
      const paused = await agent.complete('Go.');
      assert.equal(paused.status, 'paused', 'it was not asked');
      const [question] = agent.openApprovals;
      assert.ok(question?.subject.kind === 'command');
      assert.equal(question.subject.command, command);
      assert.ok((question.subject.why?.length ?? 0) > 0, 'says why');
      await agent.decide(question.permissionId, 'deny');
      await agent.complete();
      assert.deepEqual(snapshotOf(victim.folder), before);
    } finally {
      await agent[Symbol.asyncDispose]();
    }
  }

  async #proveHarm(attack: Attack, victim: Victim): Promise<void> {
    if (!canBeShown(attack)) return;
    const { command, harm, env } = attack;
    const before = snapshotOf(victim.folder);
    const connectionsBefore = this.#connections;
    const result = await runInShell(this.#filled(command, victim), victim, {
      env: this.#filledAll(env, victim),
      timeoutMs: harm.kind === 'hangs' ? hangMs : timeoutMs,
    });
    const after = snapshotOf(victim.folder);
    const connected = this.#connections > connectionsBefore;
    assert.ok(
      harmDone(harm, { before, after, connected, ...result }),
      `bash shows no harm of this kind: ${JSON.stringify(harm)}\n${result.output.slice(0, 2_000)}`,
    );
    if (isPlain(attack) && (await withoutMarkers(victim, after, before))) this.#unharmed.push(victim);
  }

  async #expectQuestion(attack: Attack, victim: Victim): Promise<void> {
    const before = snapshotOf(victim.folder);
    const restore = setEnvironment(this.#filledAll(attack.env, victim));
    const tools = toolBench({ roots: [{ name: 'ws', path: victim.workspace }], env: shellVariables(victim) });
    try {
      const plan = await planned(() => tools.plan(bashRun, { cmd: this.#filled(attack.command, victim) }));
      assert.deepEqual(snapshotOf(victim.folder), before, 'judging it had an effect');
      if (plan === 'refused') return;
      const unasked = modes.filter((mode) => verdictOf(plan, mode) === 'allow');
      if (unasked.length === 0) return;
      assert.ok(attack.defusable === true, `runs unasked in mode ${unasked.join(' and ')}`);
      await this.#expectNoHarm(attack, victim, plan, tools);
    } finally {
      await tools.sandbox.dispose();
      restore();
    }
  }

  /** It may run unasked where the way in which we run it takes its sting: shown by running it so. */
  async #expectNoHarm(
    { harm }: Attack,
    victim: Victim,
    plan: ToolPlan,
    tools: ReturnType<typeof toolBench>,
  ): Promise<void> {
    const connectionsBefore = this.#connections;
    const before = snapshotOf(victim.folder);
    const outcome = await tools.runPlan(plan);
    const after = snapshotOf(victim.folder);
    const connected = this.#connections > connectionsBefore;
    const output = JSON.stringify(outcome.data);
    assert.ok(!output.includes(canary), 'runs unasked and shows the secret');
    assert.ok(!harmDone(harm, { before, after, connected, output, timedOut: false }), 'runs unasked and does harm');
  }

  async #prepare({ files, prepare }: Attack): Promise<Victim> {
    const victim = await this.#copy();
    if (files) await writeFiles(victim.workspace, files);
    if (prepare !== undefined) await prepareVictim(victim, this.#filled(prepare, victim));
    return victim;
  }

  async #copy(victim = this.#original): Promise<Victim> {
    this.#lastCopy += 1;
    const folder = path.join(this.#folder, String(this.#lastCopy));
    await mkdir(folder);
    return victim.copyTo(folder);
  }

  #filledAll(env: Attack['env'] = {}, victim: Victim): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, this.#filled(value, victim)]));
  }

  #filled(text: string, { workspace, outside }: Victim): string {
    const address = this.#listener.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    return text.replaceAll('{ws}', workspace).replaceAll('{outside}', outside).replaceAll('{port}', String(port));
  }
}

/** It needs nothing but what every victim has. */
const isPlain = ({ files, prepare }: Pick<Attack, 'files' | 'prepare'>): boolean =>
  files === undefined && prepare === undefined;

/** Takes the markers away; whether the victim is as it was before then. */
async function withoutMarkers({ folder }: Victim, after: Snapshot, before: Snapshot): Promise<boolean> {
  const rest = new Map(after);
  for (const name of after.keys())
    if (name.endsWith('/PWNED') && rest.delete(name))
      await rm(path.join(folder, name), { recursive: true, force: true });
  return isDeepStrictEqual(rest, before);
}

/** As the editor would have been started. Gives what undoes it. */
function setEnvironment(env: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  };
}

function verdictOf({ effect, floor }: ToolPlan, mode: PermissionMode): 'allow' | 'ask' | 'deny' {
  const question = { toolName: bashRun.name, effect, floor, remembered: false, unreviewed: [], contained: false };
  return decide({ mode }, question).verdict;
}

/** A command line that is refused before it could be asked is as good as asked. */
async function planned(plan: () => Promise<ToolPlan>): Promise<ToolPlan | 'refused'> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 'refused';
    throw error;
  }
}
