import { strict as assert } from 'node:assert';
import { workspaceWith } from '../support/agents';
import { delegating, lead, task } from '../support/team';

describe('the model of a subagent', () => {
  it('is of another vendor only when a person says so, whatever the mode is', async () => {
    const workspace = await workspaceWith();
    try {
      for (const mode of ['auto', 'readonly'] as const) {
        const roles = {
          lead: delegating([task('worker', 'Do it.', { model: 'elsewhere:large' })], { mode }),
          worker: { script: [{ text: 'worker is done' }] },
        };
        await using agent = await lead({ workspace, roles });
        const { status, permissionIds = [] } = await agent.complete('Go.');
        assert.equal(status, 'paused');
        assert.match(agent.openApprovals[0]?.subject.reason ?? '', /elsewhere:large/);
        await agent.decide(permissionIds[0]!, 'deny');
        assert.equal((await agent.complete()).text, 'lead is done');
      }
    } finally {
      await workspace.remove();
    }
  });
});
