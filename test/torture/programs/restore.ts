import { promises as fs } from 'node:fs';
import { Agent } from '../../../src/core/agent/agent';
import { editingModel, restoreDependencies } from './restoreSetup';

/** What the tests tell it: the folder, and before which call that moves, makes or removes a file of the workspace it dies. */
const [folder = '', dieBefore = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const config = { agentId: 'restoring', templateId: 'unasked', model: editingModel() };
  const agent = await Agent.create(config, restoreDependencies(folder));
  const messageId = await agent.send('Go.');
  await agent.complete();
  console.log(messageId);
  dieAtCall(Number(dieBefore));
  await agent.checkpoints.restore(messageId, { files: true, conversation: false });
  console.log('restored');
  await agent[Symbol.asyncDispose]();
}

/** No call of these is made in the workspace but by the restore. */
function dieAtCall(last: number): void {
  let calls = 0;
  for (const name of ['rename', 'link', 'unlink', 'rm'] as const) {
    const real = fs[name] as (...args: readonly unknown[]) => Promise<void>;
    const counted = (...args: readonly unknown[]): Promise<void> => {
      if (!String(args[0]).includes('checkpoints') && !String(args[0]).includes('store') && ++calls === last)
        process.kill(process.pid, 'SIGKILL');
      return real(...args);
    };
    Object.defineProperty(fs, name, { value: counted });
  }
}

void main();
