import type { AgentDependencies } from '../src/core/agent/config';
import { AgentTemplateRegistry } from '../src/core/agent/template';
import type { ModelChunk, ModelProvider } from '../src/core/model/provider';
import { scriptedModel } from '../src/core/model/scripted';
import type { Envelope } from '../src/core/protocol/events';
import { asCallId, newMessageId, type AgentId } from '../src/core/protocol/ids';
import type { Message } from '../src/core/protocol/messages';
import type { ToolCallRecord } from '../src/core/protocol/toolCalls';
import type { Batch, SessionStore } from '../src/core/store/store';
import { defineTool } from '../src/core/tools/defineTool';
import { ToolRegistry } from '../src/core/tools/toolRegistry';
import { LocalSandbox } from '../src/node/localSandbox';

/** A tool that costs nothing: what is measured is everything around it. */
const nothing = defineTool({
  name: 'nothing',
  description: 'Does nothing.',
  params: {},
  attributes: { readonly: true },
  exec: async () => 'ok',
});

/** An agent's dependencies over a store, with nothing else that takes time. */
export function dependenciesOver(store: SessionStore, folder: string): AgentDependencies {
  const templateRegistry = new AgentTemplateRegistry();
  templateRegistry.register({ id: 'bench', systemPrompt: 'You are measured.', permission: { mode: 'auto' } });
  return {
    store,
    templateRegistry,
    toolRegistry: new ToolRegistry([nothing]),
    sandboxFactory: () => new LocalSandbox({ workDir: folder }),
    environment: {
      describe: async () => ({
        ...{ os: 'bench', shell: 'sh', roots: [], date: '2026-01-01', git: [] },
        ...{ openFiles: [], visibleFiles: [], instructions: [] },
      }),
    },
  };
}

/** A model that asks for the tool so many times in a row and then answers, and looks at nothing: its cost is none of ours. */
export function modelOf(steps: number): ModelProvider {
  let left = steps;
  return {
    ...scriptedModel([{ text: '' }]),
    maxWindowSize: 1_000_000_000, // Every request holds the whole history: nothing is summed up.
    async *stream(): AsyncIterable<ModelChunk> {
      if (left-- > 0) {
        yield { type: 'text', delta: 'Looking.' };
        yield { type: 'tool_call', id: `bench_${newMessageId()}`, name: 'nothing', input: '{}' };
        yield { type: 'usage', usage };
        yield { type: 'finish', reason: 'tool_calls' };
      } else {
        yield { type: 'text', delta: 'Done.' };
        yield { type: 'usage', usage };
        yield { type: 'finish', reason: 'stop' };
      }
    },
  };
}

const usage = { inputTokens: 100, outputTokens: 10, totalTokens: 110, cacheReadTokens: 0, cacheWriteTokens: 0 };

/**
 * Writes a session of so many messages, as turns of question, call, result and answer would have left it.
 * @param commits 'one': all at once, for many sessions of which only the messages count
 */
export async function writeHistory(
  store: SessionStore,
  agentId: AgentId,
  messageCount: number,
  commits: 'one' | 'each turn' = 'each turn',
): Promise<void> {
  const log = await store.open(agentId, 'create');
  const now = Date.now();
  await log.commit({
    envelopes: [],
    info: { agentId, templateId: 'bench', createdAt: now, systemPrompt: 'Measured.' },
  });
  let gathered: Batch = { envelopes: [], messages: [], toolCalls: [] };
  for (let place = 0, seq = 0; place < messageCount; place += 4) {
    const turn = turnAt(place, now).slice(0, messageCount - place);
    const call = callAt(place, now);
    const events: readonly Envelope['event'][] = [
      { channel: 'progress', type: 'user_message', message: turn[0]! },
      { channel: 'progress', type: 'tool:start', call },
      { channel: 'progress', type: 'tool:end', call },
      { channel: 'progress', type: 'text_chunk_end', step: 2, text: sentence },
      { channel: 'progress', type: 'done', step: 2, reason: 'completed' },
    ];
    const envelopes = events.map((event): Envelope => {
      seq++;
      return { cursor: seq, bookmark: { seq, timestamp: now }, event };
    });
    const toolCalls = turn.length > 1 ? [call] : [];
    if (commits === 'each turn') await log.commit({ envelopes, messages: turn, toolCalls });
    else gathered = joined(gathered, { envelopes, messages: turn, toolCalls });
  }
  if (commits === 'one') await log.commit(gathered);
  await log.barrier();
  await log.close();
}

function joined(left: Batch, right: Batch): Batch {
  return {
    envelopes: [...left.envelopes, ...right.envelopes],
    messages: [...(left.messages ?? []), ...(right.messages ?? [])],
    toolCalls: [...(left.toolCalls ?? []), ...(right.toolCalls ?? [])],
  };
}

const sentence =
  'The quick brown fox jumps over the lazy dog, and then it looks at the next file of the project. '.repeat(3);

function turnAt(place: number, createdAt: number): readonly Message[] {
  const id = asCallId(`call-${place}`);
  const make = (role: 'user' | 'assistant', content: Message['content']): Message => ({
    ...{ id: newMessageId(), role, content, createdAt },
  });
  return [
    make('user', [{ type: 'text', text: `${place}: ${sentence}` }]),
    make('assistant', [{ type: 'tool_use', id, name: 'nothing', input: { place } }]),
    make('user', [{ type: 'tool_result', tool_use_id: id, content: { ok: true, data: sentence }, is_error: false }]),
    make('assistant', [{ type: 'text', text: sentence }]),
  ];
}

function callAt(place: number, now: number): ToolCallRecord {
  return {
    ...{ id: asCallId(`call-${place}`), name: 'nothing', input: { place }, state: 'COMPLETED' },
    ...{ approval: { required: false }, createdAt: now, updatedAt: now, auditTrail: [] },
    result: { ok: true, data: sentence },
  };
}
