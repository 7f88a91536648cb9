import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel } from '../../src/core/model/scripted';
import { asAgentId } from '../support/agentIds';
import { buildProgram, startProgram } from '../support/childProgram';
import { seededRandom, trials } from '../support/torture';
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
  let program = '';
  before(async () => {
    program = await buildProgram('test/torture/programs/agentTurn.ts');
  });

  /** Kills a turn and gives what is left of it. */
  async function killed(dieAt: string, afterMs?: number): Promise<{ readonly store: string; readonly workspace: string }> {
    const [store, workspace] = ['store', 'workspace'].map((name) => path.join(folder.path, `${name}-${dieAt}-${afterMs ?? 0}`)) as [string, string];
    mkdirSync(workspace, { recursive: true });
    const run = startProgram(program, [store, workspace, dieAt]);
    if (afterMs !== undefined) {
      while (!run.output().includes('started') && run.child.exitCode === null) await sleep(1);
      await sleep(afterMs);
      run.kill();
    }
    const { signal } = await run.ended;
    if (afterMs === undefined) assert.equal(signal, 'SIGKILL', `it never came to ${dieAt}: ${run.output()}`);
    return { store, workspace };
  }

  /** Brings it back and looks whether everything that a user relies on still holds. */
  async function check({ store, workspace }: Awaited<ReturnType<typeof killed>>, what: string): Promise<void> {
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
    const report = await deps.store.checkConsistency(asAgentId('tortured'));
    assert.deepEqual(report.issues, [], what);
  }

  for (const moment of moments)
    it(`at ${moment} comes back whole: every call answered, nothing done twice`, async () => {
      await check(await killed(moment), moment);
    });

  it('at random instants comes back whole', async () => {
    const random = seededRandom();
    for (let trial = 0; trial < trials(8, 60); trial++) {
      const afterMs = Math.floor(random() * 60);
      await check(await killed(`never-${trial}`, afterMs), `killed after ${afterMs} ms`);
    }
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
