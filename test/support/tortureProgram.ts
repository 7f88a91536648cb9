import type { AgentId } from '../../src/core/protocol/ids';
import { SessionHeldError } from '../../src/core/store/sessionHeld';
import type { SessionLog } from '../../src/core/store/store';
import type { SessionFormat } from '../../src/node/sessionFormat';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { readMachine, type Machine } from '../../src/node/store/machine';
import { batchOf, textMessage } from './batches';
import { randomOf } from './random';
import { formatOf } from './storeFormats';

/**
 * One of several processes that write the same few sessions until they are killed: opens one, commits a few messages, tells
 * each that was acknowledged as a line `<session> <message>`, closes it or goes on.
 */
const [dir = '', seed = '', sessions = '1', format = '', lease = 'lease', name = ''] = process.argv.slice(2);
const random = randomOf(Number(seed));

/** The control: a writer that never looks whether it still has the lease. */
function heedless(format: SessionFormat): SessionFormat {
  return { ...format, open: (folder, mode) => format.open(folder, mode, { checkLease: () => undefined }) };
}

/** The control: takes every other process for dead. */
async function blind(): Promise<Machine> {
  return { ...(await readMachine()), processState: async () => ({ state: 'gone' }) };
}

async function openAny(store: FileSessionStore, agentId: AgentId): Promise<SessionLog | undefined> {
  const mode = (await store.exists(agentId)) ? 'existing' : 'create';
  const [result] = await Promise.allSettled([store.open(agentId, mode, { waitMs: random.below(50) })]);
  if (result.status === 'fulfilled') return result.value;
  const error: unknown = result.reason;
  // Somebody else is at it, or was quicker with creating it.
  if (error instanceof SessionHeldError || (error instanceof Error && 'code' in error && error.code === 'exists'))
    return undefined;
  throw error;
}

async function writeSome(store: FileSessionStore, agentId: AgentId): Promise<void> {
  const log = await openAny(store, agentId);
  if (!log) return;
  let { lastSeq } = await log.load();
  for (let count = random.below(8); count >= 0; count--) {
    const text = `${name}-${lastSeq + 1}-${random.below(1_000_000)}`;
    // Now and then a large one, which goes into a file of its own.
    const content = random.below(6) === 0 ? [{ type: 'text', text: text.repeat(2_000) } as const] : undefined;
    await log.commit(batchOf(++lastSeq, { messages: [{ ...textMessage(text), ...(content && { content }) }] }));
    if (random.below(3) === 0) continue;
    await log.barrier();
    process.stdout.write(`${agentId} ${text}\n`);
  }
  await log.close();
}

async function main(): Promise<void> {
  const one = await formatOf(format);
  const store = new FileSessionStore(
    lease === 'lease' ? { dir, format: one } : { dir, format: heedless(one), machine: blind },
  );
  for (;;) await writeSome(store, `agt-${random.below(Number(sessions))}` as AgentId);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(3);
});
