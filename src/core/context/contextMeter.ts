import { contextLimits, type ContextLimits } from '../model/contextLimits';
import type { ModelProvider, ToolDescription } from '../model/provider';
import { estimateFixed, estimateMessages } from '../model/tokens';
import type { MessageId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
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
  /** What of them the vendor has counted before; probably it has kept them in its cache if it keeps any. */
  readonly counted: number;
  readonly cachedTokens: number;
  /** The estimate of the rest, as it is before correction. */
  readonly raw: number;
}

interface Counted {
  /** The last message that was counted; the ones after it are estimated. */
  readonly last: MessageId;
  readonly tokens: number;
  readonly cached: boolean;
}

/** A moving average: how much a new count weighs. */
const weight = 0.3;
/** Too few tokens tell nothing about how good an estimate is. */
const smallestSample = 200;

/** How full a model's window is: counts where the vendor has counted, estimates the rest, and learns from each count. */
export class ContextMeter {
  #counted: Counted | undefined;
  /** What the vendor counts for each token that is estimated. */
  #ratio = 1;
  #model = '';
  #refusedAt: number | undefined;
  #lastTokens: number | undefined;

  /** Where the next request stands. */
  predict({ model, system, tools, messages }: NextRequest): Prediction {
    this.#use(model);
    const last = this.#counted?.last;
    const place = messages.findLastIndex(({ id }) => id === last);
    const counted = place < 0 ? 0 : (this.#counted?.tokens ?? 0);
    const raw = estimateMessages(messages.slice(place + 1)) + (place < 0 ? estimateFixed(system, tools) : 0);
    const cachedTokens = this.#counted?.cached === true ? counted : 0;
    return { tokens: counted + Math.round(raw * this.#ratio), counted, cachedTokens, raw };
  }

  limits(model: ModelProvider): ContextLimits {
    this.#use(model);
    return contextLimits(model, this.#refusedAt);
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

  /** Takes the vendor's count of a request and its answer. @param last the last message that was counted: the answer */
  learn(model: ModelProvider, predicted: Prediction, usage: TokenUsage, last: MessageId | undefined): void {
    this.#use(model);
    if (usage.inputTokens <= 0) return;
    const sample = (usage.inputTokens - predicted.counted) / predicted.raw;
    if (predicted.raw >= smallestSample && sample > 0)
      this.#ratio = Math.min(3, Math.max(0.4, this.#ratio * (1 - weight) + sample * weight));
    if (!last) return;
    const tokens = usage.inputTokens + usage.outputTokens;
    this.#counted = { last, tokens, cached: usage.cacheReadTokens + usage.cacheWriteTokens > 0 };
  }

  /** The vendor refused a request as too long, whatever the table says of its window. */
  refused(model: ModelProvider, predicted: Prediction): void {
    this.#use(model);
    const { windowTokens, maxOutputTokens } = contextLimits(model);
    // A count that is a little off is no news; a server that was started with a small window is.
    const limit = Math.min(predicted.tokens, windowTokens - maxOutputTokens);
    this.#refusedAt = Math.min(this.#refusedAt ?? limit, limit);
  }

  /** Another model counts in another way. */
  #use({ vendor, model }: ModelProvider): void {
    const name = `${vendor}:${model}`;
    if (name === this.#model) return;
    this.#model = name;
    this.#counted = undefined;
    this.#ratio = 1;
    this.#refusedAt = undefined;
  }
}
