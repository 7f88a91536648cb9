// Seed 001: logger interface.
import { DebugConfig } from 'countersign';

const config: DebugConfig = {
  verbose: false,
  logTokenUsage: true,
  logCache: true,
  logRetries: true,
  redactSensitive: true,
};
