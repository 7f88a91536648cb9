import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { AgentEvent, Envelope } from '../../../src/core/protocol/events';
import { newAgentId, newMessageId } from '../../../src/core/protocol/ids';
import type { SessionLog } from '../../../src/core/store/store';
import { fileStorage } from '../../../src/extension/sessions/fileStorage';
import { workspaceWith, type Workspace } from '../../support/agents';
import { SessionWindow, until } from '../../support/sessionWindow';

const turns = 2_500;
const eventsPerTurn = 9;

describe('catching up with another window', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(() => workspace.remove());

  const storage = () => fileStorage(path.join(workspace.folder, 'store'));

  it('a little is told event by event; 22,500 events come as one new view, and nothing else waits for them', async () => {
    const agentId = newAgentId();
    const log = await (await storage()).store.open(agentId, 'create');
    const metadata = { workspace: ['file:///one'] };
    await log.commit({ envelopes: [], info: { agentId, templateId: 'coding', createdAt: 1, metadata } });
    await writeTurns(log, 0, 1);
    const window = new SessionWindow({ store: (await storage()).store, workspace });
    await window.sessions.select(agentId);
    await writeTurns(log, 1, 2);
    await until(() => window.shown.seq === 2 * eventsPerTurn);
    assert.equal(window.events.length, eventsPerTurn - 4, 'the pieces of the answer come as one');
    assert.deepEqual(window.replaced, []);

    window.sessions.setVisible(false);
    await writeTurns(log, 2, turns);
    const told = window.events.length;
    const block = longestBlock();
    window.sessions.setVisible(true);
    await until(() => window.shown.seq === turns * eventsPerTurn, 30_000);
    assert.equal(window.events.length, told);
    assert.deepEqual(window.replaced, [agentId]);
    assert.equal(window.shown.items.filter(({ kind }) => kind === 'answer').length, turns);
    const longest = block.stop();
    assert.ok(longest <= 150, `everything else waited for ${longest} ms`);
    await window.close();
    await log.close();
  });
});

/** Milliseconds for which nothing else could run, at most, until `stop`. */
function longestBlock(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last - 1);
    last = performance.now();
  };
  const timer = setInterval(look, 1);
  return {
    stop() {
      look();
      clearInterval(timer);
      return longest;
    },
  };
}

async function writeTurns(log: SessionLog, from: number, to: number): Promise<void> {
  for (let turn = from; turn < to; turn++) await log.commit({ envelopes: turnEvents(turn) });
  await log.barrier();
}

function turnEvents(turn: number): readonly Envelope[] {
  const words = 'word '.repeat(40);
  const message = {
    ...({ id: newMessageId(), role: 'user', createdAt: turn } as const),
    content: [{ type: 'text', text: `Question ${turn}` }] as const,
  };
  const events: readonly AgentEvent[] = [
    { channel: 'progress', type: 'user_message', message },
    { channel: 'progress', type: 'text_chunk_start', step: 0 },
    ...Array.from({ length: 5 }, () => ({ channel: 'progress', type: 'text_chunk', step: 0, delta: words }) as const),
    { channel: 'progress', type: 'text_chunk_end', step: 0, text: words.repeat(5) },
    { channel: 'progress', type: 'done', step: 1, reason: 'completed' },
  ];
  return events.map((event, index) => {
    const seq = turn * eventsPerTurn + index + 1;
    return { cursor: seq, bookmark: { seq, timestamp: seq }, event };
  });
}
