import { contextLimits, type ContextLimits } from '../model/contextLimits';
import type { ModelProvider, ToolDescription } from '../model/provider';
import { estimateFixed, estimateMessages } from '../model/tokens';
import type { MessageId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import type { ContextUsage, TokenUsage } from '../protocol/usage';

/** What the next request holds. */
export interface NextRequest {
  readonly model: ModelProvider;
  readonly system: string;
  readonly tools: readonly ToolDescription[];
  /** The summary, if there is one, and all messages after it. */
  readonly messages: readonly Message[];
}

export interface Prediction {
  /** Input tokens, by the vendor's own count as far as it has counted. */
  readonly tokens: number;
  /** What of them the vendor has counted before. */
  readonly counted: number;
  /** What of that the vendor probably still has in its cache. */
  readonly cachedTokens: number;
  /** The estimate of the rest, as it is before correction. */
  readonly raw: number;
  /** Whether `counted` holds nothing that may not be sent again, as thinking may not. */
  readonly isExact: boolean;
}

interface Counted {
  /** The first and the last message that were counted: a conversation that begins otherwise has not been counted. */
  readonly first: MessageId | undefined;
  readonly last: MessageId;
  readonly tokens: number;
  readonly cached: boolean;
  readonly isExact: boolean;
  readonly at: number;
}

/** What is known of how a model counts. */
interface Known {
  counted: Counted | undefined;
  /** What the vendor counts for each token that is estimated. */
  ratio: number;
  refusedAt: number | undefined;
}

/** A moving average: how much a new count weighs. */
const weight = 0.3;
/** Too few tokens tell nothing about how good an estimate is. */
const smallestSample = 200;
/** Vendors keep a prompt for five minutes after its last use. */
const cacheMs = 240_000;

/** How full a model's window is: counts where the vendor has counted, estimates the rest, and learns from each count. */
export class ContextMeter {
  readonly #now: () => number;
  readonly #maxTokens: number;
  /** By model: another one counts in another way. */
  readonly #models = new Map<string, Known>();
  #lastTokens: number | undefined;

  /** @param maxTokens where a conversation is compacted although more would fit */
  constructor(now: () => number, maxTokens = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#maxTokens = maxTokens;
  }

  /** Where the next request stands. */
  predict({ model, system, tools, messages }: NextRequest): Prediction {
    const { counted: known, ratio } = this.#of(model);
    const isSame = known !== undefined && known.first === messages[0]?.id;
    const place = isSame ? messages.findLastIndex(({ id }) => id === known.last) : -1;
    const counted = place < 0 ? 0 : (known?.tokens ?? 0);
    const raw = estimateMessages(messages.slice(place + 1)) + (place < 0 ? estimateFixed(system, tools) : 0);
    const isCached = known?.cached === true && this.#now() - known.at < cacheMs;
    return {
      tokens: counted + Math.round(raw * ratio),
      ...{ counted, raw, cachedTokens: isCached ? counted : 0 },
      isExact: counted === 0 || known?.isExact === true,
    };
  }

  /** A text of so many estimated tokens, as this model probably counts it. */
  corrected(model: ModelProvider, raw: number): Prediction {
    const tokens = Math.round(raw * this.#of(model).ratio);
    return { tokens, raw, counted: 0, cachedTokens: 0, isExact: true };
  }

  limits(model: ModelProvider): ContextLimits {
    const limits = contextLimits(model, this.#of(model).refusedAt);
    return { ...limits, compactAtTokens: Math.min(limits.compactAtTokens, this.#maxTokens) };
  }

  /** What the panel shows of a window that holds so many tokens. */
  usage(model: ModelProvider, tokens: number): ContextUsage {
    this.#lastTokens = tokens;
    const { windowTokens, compactAtTokens } = this.limits(model);
    return { tokens, windowTokens, compactAtTokens };
  }

  /** The same for what was shown last, in another model's window. Undefined before anything was. */
  usageIn(model: ModelProvider): ContextUsage | undefined {
    return this.#lastTokens === undefined ? undefined : this.usage(model, this.#lastTokens);
  }

  /** Takes the vendor's count of a request and its answer. @param answer absent: nothing of it was kept */
  learn(
    model: ModelProvider,
    predicted: Prediction,
    usage: TokenUsage,
    messages: { readonly first: Message | undefined; readonly answer: Message | undefined },
  ): void {
    if (usage.inputTokens <= 0) return;
    const known = this.#of(model);
    const sample = (usage.inputTokens - predicted.counted) / predicted.raw;
    if (predicted.isExact && predicted.raw >= smallestSample && sample > 0)
      known.ratio = Math.min(3, Math.max(0.4, known.ratio * (1 - weight) + sample * weight));
    // What is larger than what was refused once shows that it was refused for another reason.
    if (known.refusedAt !== undefined && usage.inputTokens > known.refusedAt) known.refusedAt = undefined;
    const { first, answer } = messages;
    if (!answer) return;
    const thought = answer.content.some(({ type }) => type === 'reasoning') || (usage.reasoningTokens ?? 0) > 0;
    const goesBack = answer.content.some((block) => block.type === 'reasoning' && block.meta !== undefined);
    known.counted = {
      ...{ first: first?.id ?? answer.id, last: answer.id, at: this.#now(), isExact: !thought },
      tokens: usage.inputTokens + usage.outputTokens - (goesBack ? 0 : (usage.reasoningTokens ?? 0)),
      cached: usage.cacheReadTokens + usage.cacheWriteTokens > 0,
    };
  }

  /** The vendor refused a request as too long, whatever the table says of its window. */
  refused(model: ModelProvider, predicted: Prediction, messages: readonly Message[]): void {
    // How much a picture counts is a guess: nothing is learned from a request with one.
    if (messages.some(({ content }) => content.some(({ type }) => isMedia(type)))) return;
    const known = this.#of(model);
    const { windowTokens, maxOutputTokens } = contextLimits(model);
    // A count that is a little off is no news; a server that was started with a small window is.
    const limit = Math.min(predicted.tokens, windowTokens - maxOutputTokens);
    known.refusedAt = Math.min(known.refusedAt ?? limit, limit);
  }

  #of({ vendor, model }: ModelProvider): Known {
    const name = `${vendor}:${model}`;
    const known = this.#models.get(name) ?? { counted: undefined, ratio: 1, refusedAt: undefined };
    this.#models.set(name, known);
    return known;
  }
}

const isMedia = (type: ContentBlock['type']): boolean => ['image', 'file', 'audio', 'video'].includes(type);
