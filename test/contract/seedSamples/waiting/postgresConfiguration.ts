// Seed 001: PostgreSQL configuration.
import { createStore } from 'countersign';

const store = await createStore({
  type: 'postgres',
  connection: {
    host: process.env.PG_HOST!,
    port: 5432,
    database: 'kode_agents',
    user: process.env.PG_USER!,
    password: process.env.PG_PASSWORD!,
    ssl: { rejectUnauthorized: true },

    // Connection pool settings
    max: 20,                       // Pool size
    idleTimeoutMillis: 30000,      // Idle connection timeout
    connectionTimeoutMillis: 5000, // Connection timeout
  },
  fileStoreBaseDir: '/data/kode-files',
});
