// Seed 001, pattern 4: Inngest worker function.
// inngest/functions/agent-process.ts
import { inngest } from '@/lib/inngest';
import { Agent, PostgresStore, type CompleteResult } from 'countersign';
import { config, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

declare const pgConfig: object;
declare function notifyUser(agentId: string, result: CompleteResult): Promise<void>;

export const agentProcess = inngest.createFunction(
  { id: 'agent-process' },
  { event: 'agent/process' },
  async ({ event, step }) => {
    const { agentId, message } = event.data;

    const result = await step.run('process', async () => {
      const store = new PostgresStore(pgConfig, '/tmp/data');
      const deps = { store, templateRegistry, toolRegistry, sandboxFactory };
      const exists = await store.exists(agentId);
      const agent = exists
        ? await Agent.resume(agentId, config, deps)
        : await Agent.create({ ...config, agentId }, deps);

      return agent.complete(message);
    });

    await step.run('notify', async () => {
      await notifyUser(agentId, result);
    });

    return result;
  }
);
