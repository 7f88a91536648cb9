import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import { openModel } from '../../src/node/models/providers';
import { dependenciesFor, workspaceWith } from '../support/agents';
import { startFaultServer } from '../support/faultServer';
import { wires, type Wire } from '../support/wires';

describe('A turn whose model is cut off in a call', () => {
  for (const wire of wires)
    for (const end of ['end', 'reset'] as const)
      it(`runs nothing, keeps no error in the history and goes on with the next message (${wire.name}, ${end})`, async () => {
        const workspace = await workspaceWith({ 'a.txt': 'the text of a' });
        const server = await startFaultServer();
        try {
          server.answer({ body: wire.cutCall, end }, { body: wire.whole });
          const agent = await agentOn(wire, `${server.url}${wire.path}`, workspace);
          const first = await agent.complete('Read a.txt.');
          assert.equal(first.status, 'failed');
          const second = await agent.complete('And now?');
          assert.deepEqual([second.status, second.text], ['ok', 'whole ✓']);
          const sent = server.requests.at(-1)?.body ?? '';
          assert.doesNotMatch(sent, /ended its answer|the text of a|"fs_read","input"|call_1|toolu_1/);
          assert.match(sent, /Read a\.txt.*And now\?/s);
          assert.equal(await readFile(workspace.file('a.txt'), 'utf8'), 'the text of a');
          await agent[Symbol.asyncDispose]();
        } finally {
          await server.stop();
          await workspace.remove();
        }
      });
});

async function agentOn(
  wire: Wire,
  baseUrl: string,
  workspace: Awaited<ReturnType<typeof workspaceWith>>,
): Promise<Agent> {
  const model = await openModel({ ...wire.connection, apiKey: 'k', baseUrl });
  return Agent.create(
    { templateId: 'test' },
    { ...dependenciesFor({ script: [], workspace }), modelFactory: () => model, retry: { maxRetries: 0 } },
  );
}
