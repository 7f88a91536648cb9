// Seed 001: Prometheus integration.
import express from 'express';
import { register, Gauge, Histogram } from 'prom-client';
import { Agent } from 'countersign';

declare const agent: Agent;
const app = express();

const agentCount = new Gauge({ name: 'kode_agents_total', help: 'Total agents' });
const toolLatency = new Histogram({
  name: 'kode_tool_duration_seconds',
  help: 'Tool execution duration',
  buckets: [0.1, 0.5, 1, 2, 5, 10],
});

agent.on('tool_executed', (event) => {
  if (event.call.durationMs) {
    toolLatency.observe(event.call.durationMs / 1000);
  }
});

app.get('/metrics', async (req, res) => {
  res.set('Content-Type', register.contentType);
  res.send(await register.metrics());
});
