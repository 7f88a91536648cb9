import { isAgentError, StoreError } from '../errors';
import type { HealthReport } from './reports';
import type { SessionStore } from './store';
import { errorText } from '../util/errorText';

/** Writes, reads and takes away a small document under a name of its own. Never throws. */
export async function checkHealth(
  sessions: Pick<SessionStore, 'readDocument' | 'writeDocument'>,
): Promise<HealthReport> {
  const name = `health-${crypto.randomUUID()}`;
  const problems: string[] = [];
  const works = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      problems.push(`A document could not be ${what}: ${sentenceOf(error)}`);
      return false;
    }
  };
  const startedAt = performance.now();
  const writable = await works('written', () => sessions.writeDocument(name, name));
  const connected = await works('read', async () => {
    const found = await sessions.readDocument(name);
    if (writable && found !== name)
      throw new StoreError('damaged', 'What was written a moment ago reads differently.', {
        advice: 'Check the disk, and whether something else writes into the folder.',
      });
  });
  const latencyMs = performance.now() - startedAt;
  if (writable) await works('taken away', () => sessions.writeDocument(name, undefined));
  return {
    healthy: problems.length === 0,
    database: { connected, latencyMs },
    fileSystem: { writable },
    checkedAt: Date.now(),
    problems,
  };
}

function sentenceOf(error: unknown): string {
  if (isAgentError(error)) return `${error.message} ${error.advice}`.trim();
  return errorText(error);
}
