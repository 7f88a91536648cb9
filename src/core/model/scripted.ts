import type { JsonValue } from '../util/json';
import { sleep } from '../util/sleep';
import type { FinishReason, ModelChunk, ModelError, ModelProvider, ModelRequest } from './provider';

/** One answer of a scripted model. */
export interface ScriptedAnswer {
  readonly reasoning?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly input: JsonValue }[];
  /** Default: 'tool_calls' with calls, else 'stop'. 'none': the stream ends without a word, as a cut connection does. */
  readonly finish?: FinishReason | 'none';
  /** Thrown after what was said. */
  readonly error?: ModelError;
}

/** A fixed answer, or one that follows from what the request holds. */
export type ScriptedTurn = ScriptedAnswer | ((request: ModelRequest) => ScriptedAnswer);

/** How a scripted model speaks. */
export interface ScriptedOptions {
  readonly model?: string;
  /** Characters per piece of the stream. Default 24. */
  readonly chunkCharacters?: number;
  /** Milliseconds between pieces. Default 0. */
  readonly chunkDelayMs?: number;
}

/**
 * A model that plays a script: no key, no network, the same every time. For the demo and for tests; faces label it as
 * scripted. The last turn repeats when the script has ended.
 * @param script at least one turn, or one function for all.
 */
export function scriptedModel(
  script: readonly ScriptedTurn[] | ((request: ModelRequest) => ScriptedAnswer),
  options: ScriptedOptions = {},
): ModelProvider {
  let turn = 0;
  let calls = 0;
  const next = (request: ModelRequest): ScriptedAnswer => {
    if (typeof script === 'function') return script(request);
    const answer = script[Math.min(turn++, script.length - 1)];
    return typeof answer === 'function' ? answer(request) : (answer ?? { text: '' });
  };
  const model = options.model ?? 'scripted';
  return {
    vendor: 'scripted',
    model,
    choice: { vendor: 'scripted', model },
    price: { input: 0, output: 0 },
    capabilities: {
      system: true,
      tools: true,
      parallelToolCalls: true,
      images: true,
      pdf: true,
      audio: true,
      video: true,
      thinking: true,
      usage: 'estimated',
    },
    maxWindowSize: 200_000,
    maxOutputTokens: 16_000,
    async *stream(request, signal) {
      const answer = next(request);
      const pace = { characters: options.chunkCharacters ?? 24, delayMs: options.chunkDelayMs ?? 0 };
      yield* said('reasoning', answer.reasoning, pace, signal);
      if (answer.reasoning !== undefined) yield { type: 'reasoning_end' };
      yield* said('text', answer.text, pace, signal);
      for (const call of answer.calls ?? []) {
        signal.throwIfAborted();
        const id = `scripted_${++calls}`;
        const input = JSON.stringify(call.input);
        yield { type: 'tool_call_start', id, name: call.name };
        yield { type: 'tool_call', id, name: call.name, input };
      }
      if (answer.error) throw answer.error;
      yield { type: 'usage', usage: estimatedUsage(request, answer) };
      if (answer.finish === 'none') return;
      yield { type: 'finish', reason: answer.finish ?? (answer.calls?.length ? 'tool_calls' : 'stop') };
    },
  };
}

async function* said(
  type: 'text' | 'reasoning',
  text: string | undefined,
  pace: { readonly characters: number; readonly delayMs: number },
  signal: AbortSignal,
): AsyncIterable<ModelChunk> {
  for (let at = 0; at < (text?.length ?? 0); at += pace.characters) {
    signal.throwIfAborted();
    yield { type, delta: text?.slice(at, at + pace.characters) ?? '' };
    if (pace.delayMs > 0) await sleep(pace.delayMs, signal);
  }
}

/** About four characters per token: a rough figure, marked as an estimate by the capabilities. */
function estimatedUsage(
  request: ModelRequest,
  answer: ScriptedAnswer,
): Extract<ModelChunk, { readonly type: 'usage' }>['usage'] {
  const inputTokens = Math.ceil((request.system.length + JSON.stringify(request.messages).length) / 4);
  const outputTokens = Math.ceil(JSON.stringify(answer).length / 4);
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
}
