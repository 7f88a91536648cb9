// Seed 001: cost limiting. The limit is lower here, so that it is reached.
import { AgentPool, JSONStore } from 'countersign';

const pool = new AgentPool({ store: new JSONStore('./agents') });
const agent = await pool.create('main', { templateId: 'cli-assistant' });

let sessionCost = 0;
const COST_LIMIT = 0.000001;

agent.on('token_usage', (event) => {
  const cost = (event.inputTokens * 0.003 + event.outputTokens * 0.015) / 1000;
  sessionCost += cost;

  if (sessionCost > COST_LIMIT) {
    agent.interrupt();
  }
});

const { status } = await agent.complete('Look at everything.');
console.log(JSON.stringify({ status, sessionCost }));
