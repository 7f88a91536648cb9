import { costOf } from '../model/cost';
import type { ModelProvider } from '../model/provider';
import { Reservations } from '../model/reservations';
import type { Reserved, Spending } from '../model/spending';
import type { Prediction } from '../context/contextMeter';
import type { AgentEvent, EventOf, FailureInfo } from '../protocol/events';
import {
  addSpending,
  totalSpending,
  type Budget,
  type BudgetWarning,
  type ModelPrice,
  type ModelSpending,
  type TokenUsage,
} from '../protocol/usage';
import type { Change } from './journal';
import type { AgentState } from './state';

/** What a session and its subagents may spend together. */
export interface AccountOfSession {
  readonly state: Pick<Readonly<AgentState>, 'spending'>;
  readonly budget: Budget | undefined;
  /** What their requests under way are expected to take. */
  readonly held: Reservations;
}

export interface SpendingPorts {
  readonly state: Pick<Readonly<AgentState>, 'spending'>;
  /** The session's own limit. */
  readonly budget: Budget | undefined;
  readonly spending: Spending | undefined;
  /** For a subagent: whose budget counts, and who hears of what it takes. */
  readonly above?:
    { readonly account: AccountOfSession; spent(event: EventOf<'token_usage'>): Promise<void> } | undefined;
}

/** Whether a request may be sent. */
export type Allowance =
  | {
      readonly kind: 'go';
      readonly events: readonly AgentEvent[];
      /** As long as its answer may be; absent: as long as it likes. */
      readonly maxOutputTokens?: number;
      /** To be called when the call was added, or came to nothing: until then, the day's budget holds what it is expected to take. */
      readonly release: () => void;
    }
  | { readonly kind: 'stop'; readonly events: readonly AgentEvent[]; readonly error: FailureInfo };

interface Limit {
  readonly scope: BudgetWarning['scope'];
  readonly unit: BudgetWarning['unit'];
  readonly spent: number;
  /** Whether there were calls without a price, which `spent` leaves out. */
  readonly isAtLeast: boolean;
  /** What other requests under way are expected to take. */
  readonly held: number;
  readonly budget: number;
}

const nearShare = 0.8;
/** An answer of which nothing is known yet. */
const usualOutputTokens = 300;

/** Keeps account of what a session spends, and stops it before a request that would pass a budget. */
export class SpendingBook {
  readonly account: AccountOfSession;
  readonly #ports: SpendingPorts;
  /** The budgets of which it was said that they are nearly spent. */
  readonly #near = new Set<string>();
  /** Gives back what is held for the request under way. */
  #release = (): void => undefined;

  constructor(ports: SpendingPorts) {
    this.#ports = ports;
    const { state, budget, above } = ports;
    this.account = above?.account ?? { state, budget, held: new Reservations() };
  }

  /** What is recorded of a call that was made. @param usage without its cost */
  entry(
    { vendor, model, price }: ModelProvider,
    usage: TokenUsage,
    purpose: 'answer' | 'compaction',
    estimated: boolean,
  ): { readonly event: EventOf<'token_usage'>; readonly late: NonNullable<Change['late']> } {
    const priced: TokenUsage = price ? { ...usage, cost: costOf(usage, price) } : usage;
    const { state } = this.#ports;
    return {
      event: {
        ...{ channel: 'monitor', type: 'token_usage', vendor, model, purpose, ...priced },
        ...(estimated && { estimated }),
      },
      late: () => ({ spending: addSpending(state.spending, { vendor, model }, priced) }),
    };
  }

  /** Takes the call into the day's sum, and a subagent's into those of the agents above. */
  async add(event: EventOf<'token_usage'>): Promise<void> {
    const { vendor = 'unknown', model, ...usage } = event;
    await this.#ports.above?.spent(event);
    await this.#ports.spending?.add({ vendor, model, usage: usageOf(usage) });
  }

  /** Looks at every budget before a request. A session has one under way at most: what was held for the one before is given back. */
  async check(model: ModelProvider, predicted: Prediction): Promise<Allowance> {
    this.#release();
    const found = await this.#limits();
    // From here on nothing is waited for: two sessions must not both take the same rest.
    const { spending } = this.#ports;
    const held = spending?.reserved?.();
    const heldOf = { day: held, session: this.account.held.sum };
    const limits = found.map((one) => ({ ...one, held: heldOf[one.scope]?.[one.unit] ?? 0 }));
    const expected = this.#expect(model, predicted);
    const events = limits.flatMap((one) => this.#warnIfNear(one));
    let maxOutputTokens = model.maxOutputTokens;
    for (const limit of limits) {
      const room =
        limit.unit === 'usd'
          ? dollarRoom(model, predicted, expected.usd, limit)
          : tokenRoom(predicted, expected.tokens, limit);
      if (room.kind === 'stop')
        return { kind: 'stop', events: [...events, warning(limit, 'reached')], error: room.error };
      maxOutputTokens = Math.min(maxOutputTokens, room.outputTokens);
    }
    const releases = [this.account.held.add(expected), spending?.reserve?.(expected)];
    const release = (): void => {
      for (const one of releases) one?.();
    };
    this.#release = release;
    return { kind: 'go', events, release, ...(maxOutputTokens < model.maxOutputTokens && { maxOutputTokens }) };
  }

  async #limits(): Promise<readonly Limit[]> {
    const { spending } = this.#ports;
    const { budget, state } = this.account;
    const { session, day } = spending?.budgets() ?? {};
    const own = totalSpending(state.spending);
    const limits = [...limitsOf('session', stricter(budget, session), own)];
    if (!day || !spending) return limits;
    return [...limits, ...limitsOf('day', day, totalSpending(await spending.today()))];
  }

  /** What the request is expected to take, its answer being as long as this model's have been so far. */
  #expect({ vendor, model, price }: ModelProvider, predicted: Prediction): Reserved {
    const known = this.#ports.state.spending.find((one) => one.vendor === vendor && one.model === model);
    const outputTokens = known ? Math.ceil(known.usage.outputTokens / known.calls) : usualOutputTokens;
    return { usd: price ? dearest(predicted, outputTokens, price) : 0, tokens: predicted.tokens + outputTokens };
  }

  /** Said once; once more where less was spent in between: on another day. */
  #warnIfNear(limit: Limit): readonly AgentEvent[] {
    const { scope, unit, spent, budget } = limit;
    const key = `${scope} ${unit} ${budget}`;
    const [isNear, wasNear] = [spent >= nearShare * budget, this.#near.has(key)];
    if (isNear) this.#near.add(key);
    else this.#near.delete(key);
    return isNear && !wasNear ? [warning(limit, 'near')] : [];
  }
}

type Room =
  { readonly kind: 'go'; readonly outputTokens: number } | { readonly kind: 'stop'; readonly error: FailureInfo };

/** Undefined price and a limit in dollars: it cannot be held, so nothing is sent. */
function dollarRoom(
  { vendor, model, price }: ModelProvider,
  predicted: Prediction,
  needed: number,
  limit: Limit,
): Room {
  if (!price) return { kind: 'stop', error: unpriced(`${vendor}:${model}`, limit) };
  const left = limit.budget - limit.spent - limit.held;
  // What costs nothing passes no budget, not even one that is overspent.
  if (needed > 0 && needed > left) return { kind: 'stop', error: usedUp(limit, needed, dollars) };
  const input = dearest(predicted, 0, price);
  const perMillion = dearest(predicted, 1_000_000, price) - input;
  return {
    kind: 'go',
    outputTokens: perMillion > 0 ? Math.floor(((left - input) / perMillion) * 1_000_000) : Infinity,
  };
}

function tokenRoom({ tokens }: Prediction, needed: number, limit: Limit): Room {
  const left = limit.budget - limit.spent - limit.held;
  if (needed <= left) return { kind: 'go', outputTokens: Math.floor(left - tokens) };
  return {
    kind: 'stop',
    error: usedUp(limit, needed, (number) => `${Math.round(number).toLocaleString('en')} tokens`),
  };
}

function limitsOf(
  scope: Limit['scope'],
  { usd, tokens }: Budget,
  { usage, unpricedCalls }: Pick<ModelSpending, 'usage' | 'unpricedCalls'>,
): readonly Limit[] {
  const inDollars = { scope, unit: 'usd', spent: usage.cost, isAtLeast: unpricedCalls > 0, held: 0 } as const;
  const inTokens = { scope, unit: 'tokens', spent: usage.totalTokens, isAtLeast: false, held: 0 } as const;
  return [
    ...(usd === undefined ? [] : [{ ...inDollars, budget: usd }]),
    ...(tokens === undefined ? [] : [{ ...inTokens, budget: tokens }]),
  ];
}

function warning({ scope, unit, spent, budget }: Limit, level: BudgetWarning['level']): AgentEvent {
  return { channel: 'monitor', type: 'budget_warning', scope, unit, spent, budget, level };
}

function stricter(left: Budget = {}, right: Budget = {}): Budget {
  const usd = Math.min(left.usd ?? Infinity, right.usd ?? Infinity);
  const tokens = Math.min(left.tokens ?? Infinity, right.tokens ?? Infinity);
  return { ...(usd < Infinity && { usd }), ...(tokens < Infinity && { tokens }) };
}

/** What a request costs where all of it that is not read from the cache is written there, if that costs more than plain input. */
function dearest({ tokens, cachedTokens }: Prediction, outputTokens: number, price: ModelPrice): number {
  const cacheReadTokens = Math.min(cachedTokens, tokens);
  const costs = [0, tokens - cacheReadTokens].map((cacheWriteTokens) =>
    costOf({ inputTokens: tokens, outputTokens, cacheReadTokens, cacheWriteTokens }, price),
  );
  return Math.max(...costs);
}

/** The tokens and the cost alone, without what else an event says. */
function usageOf(usage: TokenUsage): TokenUsage {
  const { inputTokens, outputTokens, totalTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens, cost } = usage;
  return {
    ...{ inputTokens, outputTokens, totalTokens, cacheReadTokens, cacheWriteTokens },
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    ...(cost !== undefined && { cost }),
  };
}

function dollars(usd: number): string {
  if (usd <= 0 || usd >= 0.0995) return `$${usd.toFixed(2)}`;
  return usd < 0.0001 ? 'less than $0.0001' : `$${Number(usd.toPrecision(2))}`;
}

const nameOf = (scope: Limit['scope']): string => (scope === 'day' ? "today's budget" : "the session's budget");

function usedUp(
  { scope, spent, isAtLeast, held, budget }: Limit,
  needed: number,
  text: (amount: number) => string,
): FailureInfo {
  const isSpent = `${isAtLeast ? 'at least ' : ''}${text(spent)} of ${text(budget)} are spent`;
  const isHeld = held > 0 ? `, ${text(held)} are held for requests under way` : '';
  return {
    code: 'budget',
    message: `The next request would pass ${nameOf(scope)}: ${isSpent}${isHeld}, and it needs about ${text(needed)}.`,
    advice:
      scope === 'day'
        ? 'Raise the budget (in VS Code: "Countersign: Set Budget…"), or go on tomorrow.'
        : 'Raise the budget (in VS Code: "Countersign: Set Budget…"), compact the conversation, or start a new session.',
    retryable: false,
  };
}

function unpriced(model: string, { scope, budget }: Limit): FailureInfo {
  return {
    code: 'price_unknown',
    message: `What ${model} costs is not known, so ${nameOf(scope)} of ${dollars(budget)} cannot be kept.`,
    advice:
      'Say what it costs (`price` of the model; in VS Code the setting `countersign.models`), set the budget in tokens instead, or choose another model.',
    retryable: false,
  };
}
