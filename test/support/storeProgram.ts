import { createInterface } from 'node:readline';
import type { AgentId } from '../../src/core/protocol/ids';
import { SessionHeldError } from '../../src/core/store/sessionHeld';
import type { OpenOptions, SessionLog } from '../../src/core/store/store';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { readMachine } from '../../src/node/store/machine';
import { batchOf, textMessage } from './batches';
import { formatOf } from './storeFormats';

/** What a StoreProcess tells this program, one line of JSON each. */
export type StoreCommand =
  | { readonly do: 'open'; readonly mode: 'create' | 'existing'; readonly opts?: OpenOptions }
  | { readonly do: 'hold' }
  | { readonly do: 'commit'; readonly seq: number }
  | { readonly do: 'close' }
  /** How it answers from now on when it is asked to hand the session over; 'close' closes it and says yes. */
  | { readonly do: 'answer'; readonly with: 'close' | 'no' | 'failure' | 'lie' };

export interface StoreAnswer {
  /** 'ok' or the code of the failure. */
  readonly code: string;
  /** Of a SessionHeldError. */
  readonly holder?: string;
  /** How long it took. */
  readonly ms: number;
}

const [dir = '', id = '', format = '', otherMachine] = process.argv.slice(2);
const agentId = id as AgentId;
const opened = formatOf(format).then((one) => new FileSessionStore({ dir, format: one, machine }));
let log: SessionLog | undefined;
let stopAnswering: (() => void) | undefined;

/** Another machine: same everything but the id. */
async function machine() {
  const real = await readMachine();
  return otherMachine === undefined ? real : { ...real, self: { ...real.self, machineId: otherMachine } };
}

async function run(command: StoreCommand): Promise<void> {
  const store = await opened;
  switch (command.do) {
    case 'open':
      log = await store.open(agentId, command.mode, command.opts);
      return;
    case 'hold':
      await store.hold(agentId);
      return;
    case 'commit':
      await log?.commit(batchOf(command.seq, { messages: [textMessage(`message ${command.seq}`)] }));
      await log?.barrier();
      return;
    case 'close':
      await log?.close();
      return;
    case 'answer':
      stopAnswering?.();
      stopAnswering = store.onHandOverRequest(async () => {
        if (command.with === 'failure') throw new Error('no answer');
        if (command.with === 'close') await log?.close();
        return command.with !== 'no';
      });
  }
}

async function answerTo(line: string): Promise<StoreAnswer> {
  const began = performance.now();
  const [result] = await Promise.allSettled([run(JSON.parse(line) as StoreCommand)]);
  const ms = performance.now() - began;
  if (result.status === 'fulfilled') return { code: 'ok', ms };
  const error: unknown = result.reason;
  if (error instanceof SessionHeldError) return { code: error.code, holder: error.holder.state, ms };
  return { code: error instanceof Error && 'code' in error ? String(error.code) : String(error), ms };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  void answerTo(line).then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
});
