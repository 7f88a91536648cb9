import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { AgentError } from '../../src/core/errors';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { buildChildProgram, type ChildProgram } from '../support/childProgram';
import { randomOf, seed } from '../support/random';
import { isLong } from '../support/share';
import { formatNames, formatOf } from '../support/storeFormats';
import { useTempFolder } from '../support/tempFolder';

/** A process with SQLite needs a second before it writes: it is left alive longer. Milliseconds. */
const paces = { json: { run: 4_000, control: 3_000, life: 100 }, sqlite: { run: 7_000, control: 5_000, life: 400 } };
const longRunMs = 300_000;
const sessions = 3;

describe('Four processes on one store, killed at random', function () {
  this.timeout(longRunMs + 60_000);
  const temp = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/support/tortureProgram.ts');
  });
  after(() => program.remove());

  for (const format of formatNames) {
    it(`lose nothing that was acknowledged and damage nothing: ${format} (seed ${seed})`, async () => {
      const result = await torture(format, 'lease', isLong ? longRunMs : paces[format].run);
      report(result);
      assert.deepEqual(result.faults, []);
      assert.ok(result.acknowledged > 20, `only ${result.acknowledged} acknowledged`);
      assert.ok(result.kills >= 4, `only ${result.kills} kills`);
    });

    it(`lose or damage something without the lease, so that this test can fail: ${format}`, async () => {
      const result = await torture(format, 'no lease', paces[format].control);
      report(result);
      assert.notDeepEqual(result.faults, []);
    });
  }

  function report({ acknowledged, kills, faults }: TortureResult): void {
    console.log(`      ${acknowledged} acknowledged, ${kills} killed, ${faults.length} faults`);
  }

  async function torture(format: keyof typeof paces, lease: 'lease' | 'no lease', ms: number): Promise<TortureResult> {
    const random = randomOf(seed);
    const acknowledged: string[] = [];
    const faults: string[] = [];
    const ended: Promise<unknown>[] = [];
    let kills = 0;
    const start = (place: number): ChildProcess => {
      const name = `${place}.${ended.length}`;
      const args = [program.file, temp.path, String(random.below(1_000_000)), String(sessions), format, lease, name];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      createInterface({ input: child.stdout }).on('line', (line) => acknowledged.push(line));
      child.stderr.on('data', (text: Buffer) => faults.push(`a writer ended: ${String(text)}`));
      ended.push(once(child, 'close'));
      return child;
    };
    const writers = [0, 1, 2, 3].map(start);
    for (const until = Date.now() + ms; Date.now() < until;) {
      await pause(paces[format].life * (1 + random.below(3)));
      const place = random.below(4);
      if (writers[place]?.kill('SIGKILL')) kills++;
      writers[place] = start(place);
    }
    for (const writer of writers) writer.kill('SIGKILL');
    // Each line that was written whole counts, also of a process that is gone.
    await Promise.all(ended);
    return { acknowledged: acknowledged.length, kills, faults: [...faults, ...(await faultsIn(format, acknowledged))] };
  }

  /** What is lost, out of order or damaged, once a new window opens everything. */
  async function faultsIn(format: string, acknowledged: readonly string[]): Promise<readonly string[]> {
    const faults: string[] = [];
    const store = new FileSessionStore({ dir: temp.path, format: await formatOf(format) });
    const stored = new Set<string>();
    for (const agentId of await store.list()) {
      try {
        const log = await store.open(agentId, 'existing');
        const messages = await log.readMessages();
        for (const { id } of messages) stored.add(`${agentId} ${id}`);
        let last = 0;
        for await (const { bookmark } of log.readEvents()) {
          if (bookmark.seq !== last + 1) faults.push(`${agentId}: ${bookmark.seq} after ${last}`);
          last = bookmark.seq;
        }
        if (last !== messages.length) faults.push(`${agentId}: ${last} events, ${messages.length} messages`);
        await log.close();
        const [entry] = (await store.summaries()).filter((one) => one.agentId === agentId);
        if (entry?.messageCount !== messages.length || entry.lastSeq !== last)
          faults.push(`${agentId}: its list entry ${JSON.stringify({ entry, messages: messages.length, last })}`);
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        faults.push(`${agentId}: ${error.code} ${error.message}`);
      }
    }
    return [...faults, ...acknowledged.filter((line) => !stored.has(line)).map((line) => `lost: ${line}`)];
  }
});

interface TortureResult {
  readonly acknowledged: number;
  readonly kills: number;
  readonly faults: readonly string[];
}
