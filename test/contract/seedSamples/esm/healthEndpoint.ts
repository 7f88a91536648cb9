// Seed 001: HTTP health endpoint.
import express from 'express';
import { SqliteStore } from 'countersign';

const store = new SqliteStore('./agents.db');
const app = express();

app.get('/health', async (req, res) => {
  const status = await store.healthCheck();
  res.status(status.healthy ? 200 : 503).json(status);
});

// Kubernetes readiness probe
app.get('/ready', async (req, res) => {
  const status = await store.healthCheck();
  res.status(status.healthy ? 200 : 503).send();
});
