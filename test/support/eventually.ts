import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once it is so; fails naming `what` when it is not in time. */
export async function eventually(what: string, isSo: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!isSo()) {
    assert.ok(performance.now() < deadline, `not within ${limitMs} ms: ${what}`);
    await pause(50);
  }
}
