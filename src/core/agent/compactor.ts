import { isAgentError } from '../errors';
import { compactionRecord, pinnedMessages, summaryMessage, type Compaction } from '../context/compaction';
import type { ContextMeter, NextRequest } from '../context/contextMeter';
import { cutPlace } from '../context/cutPlace';
import { summarize } from '../context/summarize';
import type { HookChain } from '../hooks/hookChain';
import type { ModelProvider, ModelRequest } from '../model/provider';
import type { RetryConfig } from '../model/retry';
import { estimateCharacters, estimateFixed, estimateMessages } from '../model/tokens';
import type { AgentEvent, CompressionReason, FailureInfo } from '../protocol/events';
import type { Message } from '../protocol/messages';
import type { TokenUsage } from '../protocol/usage';
import { isAborted } from '../util/abort';
import { infoOf } from './failureInfo';
import { outputLimit } from './outputLimit';
import type { Change } from './journal';
import { retryEvents } from './retryEvents';
import type { SpendingBook } from './spendingBook';
import type { AgentState } from './state';

export interface CompactorPorts {
  readonly state: Readonly<AgentState>;
  readonly meter: ContextMeter;
  readonly book: SpendingBook;
  readonly retry: Partial<RetryConfig>;
  readonly hooks: HookChain | undefined;
  readonly now: () => number;
  readonly record: (change: Change) => Promise<unknown>;
}

/** What the conversation is sent with. */
export type Frame = Omit<NextRequest, 'messages'>;

/** How summing up a conversation went. */
export type CompactionOutcome =
  | { readonly kind: 'done' }
  /** There is nothing that a summary could stand for. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: FailureInfo; readonly isBudget: boolean };

/** How much of the room stays as it is. After a refusal less: it was fuller than it seemed. */
const keptShare: Readonly<Record<CompressionReason, number>> = { automatic: 0.3, asked: 0.2, too_long: 0.15 };
const summaryShare = 0.15;
const pinnedShare = 0.15;
/** What the material of one request may take; the rest is for the record so far and the answer. */
const pieceShare = 0.6;

class BudgetStop extends Error {
  constructor(readonly info: FailureInfo) {
    super(info.message);
  }
}

/** Puts a summary in the place of the older part of a conversation. What it stands for stays in the store. */
export class Compactor {
  readonly #ports: CompactorPorts;
  /** A compaction was of no use when the requests of this model had about so many tokens: it is tried again when they have grown. */
  #useless: { readonly model: string; readonly tokens: number } | undefined;

  constructor(ports: CompactorPorts) {
    this.#ports = ports;
  }

  /** Whether the next request is to be made smaller first. */
  isDue({ model }: Frame, tokens: number): boolean {
    const { compactAtTokens } = this.#ports.meter.limits(model);
    if (tokens < compactAtTokens || this.#useless?.model !== model.model) this.#useless = undefined;
    return tokens >= compactAtTokens + (this.#useless ? this.#useless.tokens - compactAtTokens : 0);
  }

  /** The conversation must be loaded. @throws StoreError; every other failure is an outcome, and told. */
  async compact(reason: CompressionReason, frame: Frame, signal: AbortSignal): Promise<CompactionOutcome> {
    const { state, meter, record, hooks } = this.#ports;
    const { conversation } = state;
    const { compactAtTokens: room } = meter.limits(frame.model);
    const tokensBefore = meter.predict({ ...frame, messages: conversation.forRequest }).tokens;
    const cut = cutPlace(conversation.loaded, ...this.#sizes(reason, frame));
    const older = conversation.loaded.slice(0, cut);
    if (older.length === 0) {
      this.#wasUseless(frame, tokensBefore);
      return { kind: 'nothing' };
    }
    await record({
      events: [{ channel: 'monitor', type: 'context_compression', phase: 'start', reason, tokensBefore }],
    });
    try {
      // What hooks keep from the model is not to reach it in the material of a summary.
      const shown = await hooks?.beforeModel(older, state.info.agentId, signal);
      const summary = await this.#summarize(shown ?? older, room, frame, signal);
      await this.#take(older, summary, { reason, tokensBefore, room }, frame);
      return { kind: 'done' };
    } catch (error) {
      return await this.#failed(error, { reason, tokensBefore }, frame, signal);
    }
  }

  /**
   * How much remains as it is, and how much of that the newest step may be. What the model has not seen yet is summed up only if
   * it does not fit at all; the estimates are as they are before correction.
   */
  #sizes(
    reason: CompressionReason,
    { model, system, tools }: Frame,
  ): readonly [keepTokens: number, newestTokens: number] {
    const { meter } = this.#ports;
    const { compactAtTokens, maxInputTokens } = meter.limits(model);
    const fixed = estimateFixed(system, tools);
    const ratio = meter.corrected(model, 10_000).tokens / 10_000;
    const keep = Math.max(0, compactAtTokens / ratio - fixed) * keptShare[reason];
    const newest = (maxInputTokens - compactAtTokens * (summaryShare + pinnedShare)) / ratio - fixed;
    return [Math.floor(keep), Math.floor(reason === 'too_long' ? keep * 2 : Math.max(keep * 2, newest))];
  }

  /** It is tried again when a fifth of the room more is taken, not with every step. */
  #wasUseless({ model }: Frame, tokens: number): void {
    const { compactAtTokens } = this.#ports.meter.limits(model);
    this.#useless = { model: model.model, tokens: Math.max(tokens, compactAtTokens) + Math.ceil(compactAtTokens / 5) };
  }

  #summarize(older: readonly Message[], room: number, { model }: Frame, signal: AbortSignal): Promise<string> {
    const { state, book, meter, retry, record } = this.#ports;
    let release = (): void => undefined;
    return summarize(state.conversation.compaction?.summary, older, {
      model,
      stream: { signal, config: retry, onRetry: retryEvents(record) },
      pieceTokens: Math.floor(room * pieceShare),
      maxSummaryTokens: Math.max(300, Math.floor(room * summaryShare)),
      beforeRequest: async (request) => {
        const allowance = await book.check(model, meter.corrected(model, estimateOf(request)));
        if (allowance.events.length > 0) await record({ events: allowance.events });
        if (allowance.kind === 'stop') throw new BudgetStop(allowance.error);
        release = allowance.release;
        return outputLimit(model, meter.limits(model), allowance.maxOutputTokens).maxOutputTokens;
      },
      onUsage: (usage, request, answer) =>
        this.#spent(model, usage ?? estimatedUsage(request, answer), usage === undefined),
      afterRequest: () => release(),
    });
  }

  async #spent(model: ModelProvider, usage: TokenUsage, isEstimate: boolean): Promise<void> {
    const { book, record } = this.#ports;
    const { event, late } = book.entry(
      model,
      usage,
      'compaction',
      isEstimate || model.capabilities.usage === 'estimated',
    );
    await record({ events: [event], late });
    await book.add(event);
  }

  async #take(
    older: readonly Message[],
    summary: string,
    about: { readonly reason: CompressionReason; readonly tokensBefore: number; readonly room: number },
    frame: Frame,
  ): Promise<void> {
    const { state, meter, record, now } = this.#ports;
    const { conversation, todos } = state;
    const { reason, tokensBefore, room } = about;
    const last = older.at(-1);
    if (!last) return;
    const pinned = pinnedMessages(conversation.compaction?.pinned ?? [], older, Math.floor(room * pinnedShare));
    const { systemPrompt = '', situation } = state.info;
    // What was told since the system prompt may be summed up with the rest.
    const isNews = situation !== undefined && !systemPrompt.includes(situation);
    const draft: Compaction = {
      ...{ messageCount: conversation.start + older.length, lastMessageId: last.id, summary, pinned, todos },
      ...{ reason, tokensBefore, tokensAfter: 0, createdAt: now() },
      ...(isNews && { situation }),
    };
    const kept = conversation.loaded.slice(older.length);
    const tokensAfter = meter.predict({ ...frame, messages: [summaryMessage(draft), ...kept] }).tokens;
    const compaction = { ...draft, tokensAfter };
    await record({
      records: [compactionRecord(compaction)],
      events: [
        endEvent(compaction),
        { channel: 'monitor', type: 'context_usage', ...meter.usage(frame.model, tokensAfter) },
      ],
    });
    conversation.compacted(compaction);
    if (tokensAfter >= room) this.#wasUseless(frame, tokensAfter);
  }

  /** @throws the error where it is the store's. */
  async #failed(
    error: unknown,
    { reason, tokensBefore }: { readonly reason: CompressionReason; readonly tokensBefore: number },
    frame: Frame,
    signal: AbortSignal,
  ): Promise<CompactionOutcome> {
    if (isAgentError(error) && error.family === 'store') throw error;
    const info = isAborted(signal) ? interrupted : error instanceof BudgetStop ? error.info : infoOf(error);
    await this.#ports.record({
      events: [{ channel: 'monitor', type: 'context_compression', phase: 'failed', reason, error: info }],
    });
    if (isAborted(signal)) return { kind: 'interrupted' };
    this.#wasUseless(frame, tokensBefore);
    return { kind: 'failed', error: info, isBudget: error instanceof BudgetStop };
  }
}

const interrupted: FailureInfo = {
  code: 'interrupted',
  message: 'Summing up the conversation was stopped.',
  advice: 'The conversation is as it was.',
  retryable: true,
};

function endEvent(compaction: Compaction): AgentEvent {
  const { reason, tokensBefore, tokensAfter, summary, messageCount } = compaction;
  return {
    ...{ channel: 'monitor', type: 'context_compression', phase: 'end' },
    ...{ reason, tokensBefore, tokensAfter, ratio: tokensBefore > 0 ? tokensAfter / tokensBefore : 1 },
    ...{ summary, messageCount },
  };
}

function estimateOf({ system, tools, messages }: ModelRequest): number {
  return estimateFixed(system, tools) + estimateMessages(messages);
}

/** What a call has taken that the vendor did not count. */
export function estimatedUsage(request: ModelRequest, answerCharacters: number): TokenUsage {
  return usageFrom(estimateOf(request), estimateCharacters(answerCharacters));
}

export function usageFrom(inputTokens: number, outputTokens: number): TokenUsage {
  const totalTokens = inputTokens + outputTokens;
  return { inputTokens, outputTokens, totalTokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
}
