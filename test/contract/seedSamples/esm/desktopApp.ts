// Seed 000, scenario 2: desktop app.
// main.ts (Main Process)
import { AgentPool, JSONStore } from 'countersign';
import { app, ipcMain } from 'electron';
import * as path from 'node:path';
import { config, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const store = new JSONStore(path.join(app.getPath('userData'), 'agents'));
const pool = new AgentPool({ dependencies: { store, templateRegistry, sandboxFactory, toolRegistry } });

ipcMain.handle('agent:send', async (event, { agentId, message }) => {
  const agent = pool.get(agentId) ?? await pool.create(agentId, config);
  await agent.send(message);
  return agent.complete();
});

ipcMain.on('agent:subscribe', (event, { agentId }) => {
  const agent = pool.get(agentId);
  if (!agent) return;

  (async () => {
    for await (const ev of agent.subscribeProgress()) {
      event.sender.send(`agent:event:${agentId}`, ev);
    }
  })();
});
