import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel } from '../../src/core/model/scripted';
import { buildChildProgram, type ChildProgram } from '../support/childProgram';
import { randomOf } from '../support/random';
import { forEachSeed, trials } from '../support/share';
import { useTempFolder } from '../support/tempFolder';
import { turnDependencies } from './programs/turnSetup';

const breakpoints = [
  ...['PRE_MODEL', 'STREAMING_MODEL', 'TOOL_PENDING', 'AWAITING_APPROVAL'],
  ...['PRE_TOOL', 'TOOL_EXECUTING', 'POST_TOOL', 'READY'],
].map((state) => `breakpoint:${state}`);
const moments = [
  ...breakpoints,
  ...['user_message', 'text_chunk', 'text_chunk_end', 'tool:start', 'permission_required', 'permission_decided'],
  ...['tool:update:APPROVED', 'tool:update:EXECUTING', 'tool:progress', 'tool:end', 'step_complete', 'done'],
];

describe('an agent turn that is killed', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/torture/programs/agentTurn.ts');
  });
  after(() => program.remove());

  interface Remains {
    readonly store: string;
    readonly workspace: string;
  }

  function placesFor(name: string): Remains {
    const [store = '', workspace = ''] = ['store', 'workspace'].map((part) =>
      path.join(folder.path, `${name.replaceAll(':', '-')}-${part}`),
    );
    mkdirSync(workspace, { recursive: true });
    return { store, workspace };
  }

  /** A turn that kills itself at this moment. */
  async function killedAt(moment: string): Promise<Remains> {
    const places = placesFor(moment);
    const child = program.start([places.store, places.workspace, moment]);
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL', `it never came to ${moment}`);
    return places;
  }

  /** A turn that is killed some time after it has begun. */
  async function killedAfter(name: string, afterMs: number): Promise<Remains> {
    const places = placesFor(name);
    const child = program.start([places.store, places.workspace, 'never']);
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    await sleep(afterMs);
    child.kill('SIGKILL');
    await ended;
    return places;
  }

  /** Brings it back and looks whether everything that a user relies on still holds. */
  async function check({ store, workspace }: Remains, what: string): Promise<void> {
    await sleep(30); // A command that was running when its agent died may still write its line.
    const before = effects(workspace);
    const requests: ModelRequest[] = [];
    const model = scriptedModel((request) => {
      requests.push(request);
      return { text: 'I looked.' };
    });
    const deps = turnDependencies(store, workspace);
    const agent = await Agent.resume('tortured', { model }, deps);
    const result = await agent.complete('What happened?');
    assert.deepEqual([result.status, result.text], ['ok', 'I looked.'], what);
    for (const request of requests) assertAnswered(request, what);
    assert.deepEqual(effects(workspace), before, `${what}: something was run again`);
    for (const name of ['one', 'two'])
      assert.ok(before.filter((line) => line === name).length <= 1, `${what}: ${name} ran more than once`);
    await agent[Symbol.asyncDispose]();
    const report = await deps.store.checkConsistency('tortured');
    assert.deepEqual(report.issues, [], what);
  }

  for (const moment of moments)
    it(`at ${moment} comes back whole: every call answered, nothing done twice`, async () => {
      await check(await killedAt(moment), moment);
    });

  it('at random instants comes back whole', async () => {
    await forEachSeed(trials(8, 100), async (seed) => {
      const afterMs = randomOf(seed).below(60);
      await check(await killedAfter(`seed-${seed}`, afterMs), `killed after ${afterMs} ms`);
    });
  });
});

function effects(workspace: string): readonly string[] {
  const file = path.join(workspace, 'effects.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Every call in a request has its result in the very next message (I10). */
function assertAnswered({ messages }: ModelRequest, what: string): void {
  for (const [place, message] of messages.entries()) {
    const asked = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    const answered = messages[place + 1]?.content.flatMap((block) =>
      block.type === 'tool_result' ? [block.tool_use_id] : [],
    );
    if (asked.length > 0) assert.deepEqual(answered, asked, `${what}: message ${place} has calls without answers`);
  }
}
