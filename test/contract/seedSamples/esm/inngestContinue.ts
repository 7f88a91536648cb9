// Seed 000, scenario 5: long-running tasks.
// inngest/functions/agent-continue.ts
import { inngest } from '@/lib/inngest';
import { Agent, JSONStore, type CompleteResult } from 'countersign';
import { config, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const store = new JSONStore('/data/agents');
declare function notifyUser(agentId: string, result: CompleteResult): Promise<void>;

export const agentContinue = inngest.createFunction(
  { id: 'agent-continue' },
  { event: 'agent/continue' },
  async ({ event, step }) => {
    const { agentId } = event.data;

    // Resume agent
    const agent = await Agent.resume(agentId, config, { store, templateRegistry, sandboxFactory, toolRegistry });

    // Process until done (Inngest handles timeouts)
    const result = await step.run('complete', async () => {
      return agent.complete();
    });

    // Notify user via webhook/push
    await step.run('notify', async () => {
      await notifyUser(agentId, result);
    });

    return result;
  }
);
