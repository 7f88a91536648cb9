import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { Agent } from '../../src/core/agent/agent';
import { textOf } from '../../src/core/protocol/messages';
import { buildChildProgram, type ChildProgram } from '../support/childProgram';
import { useTempFolder } from '../support/tempFolder';
import { brokenPairs } from '../support/pairs';
import { isSummaryRequest } from '../support/vendorModel';
import { longTalk } from './programs/compactionSetup';
import { turnDependencies } from './programs/turnSetup';

describe('a conversation that is summed up when the process is killed', function () {
  this.timeout(60_000);
  const folder = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/torture/programs/compaction.ts');
  });
  after(() => program.remove());

  for (const moment of ['start', 'paid', 'end'])
    it(`at ${moment} comes back with all of its messages, and ${moment === 'end' ? 'with' : 'without'} the summary`, async () => {
      const [store = '', workspace = ''] = ['store', 'workspace'].map((part) => path.join(folder.path, moment, part));
      mkdirSync(workspace, { recursive: true });
      const [, signal] = (await once(program.start([store, workspace, moment]), 'close')) as [
        number | null,
        string | null,
      ];
      assert.equal(signal, 'SIGKILL', `it never came to ${moment}`);
      const deps = turnDependencies(store, workspace);
      const model = longTalk();
      const agent = await Agent.resume('tortured', { model }, deps);
      const { messageCount } = agent.info();
      const reader = await deps.store.read(agent.agentId);
      assert.equal((await reader.readMessages()).length, messageCount);
      const records = await reader.readRecords('compaction');
      assert.equal(records.length, moment === 'end' ? 1 : 0);
      await reader.close();
      assert.equal((await agent.complete('Go on.')).status, 'ok');
      for (const request of model.requests.filter((one) => !isSummaryRequest(one))) {
        assert.deepEqual(brokenPairs(request.messages), []);
        assert.ok(request.messages.some((message) => textOf(message).includes('never touch legacy.js')));
      }
      const paid = agent.spending[0]?.calls ?? 0;
      assert.ok(paid > 0, 'what was spent before is forgotten');
      await agent[Symbol.asyncDispose]();
      assert.deepEqual((await deps.store.checkConsistency('tortured')).issues, []);
    });
});
