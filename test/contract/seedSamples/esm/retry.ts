// Seed 001: built-in retry configuration.
import { withRetry, DEFAULT_RETRY_CONFIG, ServiceUnavailableError } from 'countersign/provider';

let calls = 0;
async function callExternalAPI(): Promise<string> {
  calls += 1;
  if (calls < 3) throw new ServiceUnavailableError('It is down.');
  return 'answer';
}

// Default: { maxRetries: 3, baseDelayMs: 1000, maxDelayMs: 60000, jitterFactor: 0.2 }

const result = await withRetry(
  () => callExternalAPI(),
  { maxRetries: 5, baseDelayMs: 500, provider: 'myservice' },
  (error, attempt, delay) => console.log(`Retry ${attempt} after ${delay}ms`)
);

console.log(JSON.stringify({ result, calls, DEFAULT_RETRY_CONFIG }));
