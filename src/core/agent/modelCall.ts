import { isAgentError } from '../errors';
import { ModelError, type ModelRequest } from '../model/provider';
import { streamWithRetry } from '../model/streamWithRetry';
import { estimateCharacters } from '../model/tokens';
import type { Prediction } from '../context/contextMeter';
import type { AgentEvent, BreakpointState, FailureInfo } from '../protocol/events';
import { newMessageId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import { snapshotOf, type ToolCallRecord } from '../protocol/toolCalls';
import { isAborted } from '../util/abort';
import { Answer } from './answer';
import { usageFrom, type CompactionOutcome } from './compactor';
import { infoOf } from './failureInfo';
import type { Change } from './journal';
import { outputLimit } from './outputLimit';
import { newRecord } from './records';
import { retryEvents } from './retryEvents';
import { tellHeld } from './told';
import { requestedMessages, responseOf } from './modelHooks';
import type { TurnEnd, TurnPorts } from './turnPorts';

export type Answered =
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      readonly records: readonly ToolCallRecord[];
      /** Whether a budget held the answer short. */
      readonly isCapped: boolean;
    }
  | { readonly kind: 'end'; readonly end: TurnEnd };

/** A request that may be sent. */
interface Ready {
  readonly request: ModelRequest;
  readonly predicted: Prediction;
  readonly isCapped: boolean;
  /** Gives back what is held of the day's budget. */
  readonly release: () => void;
}

/**
 * One model call with everything around it: room is made where the window is full, no budget is passed, and what was answered is
 * recorded with what it took. A request that the vendor refuses as too long is made smaller once.
 */
export async function askModel(ports: TurnPorts, step: number, signal: AbortSignal): Promise<Answered> {
  const compact = (reason: 'automatic' | 'too_long'): Promise<CompactionOutcome> =>
    ports.compactor.compact(reason, frameOf(ports), signal);
  await ports.beforeStep(signal);
  await tellHeld(ports);
  await ports.compactIfAsked(frameOf(ports), signal);
  if (isAborted(signal)) return { kind: 'end', end: { reason: 'interrupted', step } };
  if (ports.compactor.isDue(frameOf(ports), predict(ports).tokens)) {
    const end = endOf(await compact('automatic'), step);
    if (end) return { kind: 'end', end };
  }
  for (let tries = 1; ; tries++) {
    ports.soon(breakpoint(ports.state.breakpoint, 'STREAMING_MODEL'));
    const ready = await prepare(ports, step, signal);
    if (ready.kind === 'end') return ready;
    const answer = newAnswer(ports, step);
    try {
      await take(answer, ready.request, ports, signal);
      await ports.hooks?.afterModel(responseOf(answer), ports.state.info.agentId, signal);
    } catch (error) {
      if (tries > 1 || !isTooLong(error) || answer.hasShown)
        return { kind: 'end', end: await brokenOff(answer, error, ready, ports, step, signal) };
      ready.release();
      ports.meter.refused(ports.model, ready.predicted, ready.request.messages);
      const outcome = await compact('too_long');
      if (outcome.kind === 'done') continue;
      return { kind: 'end', end: endOf(outcome, step) ?? { reason: 'failed', step, error: infoOf(error) } };
    }
    return { kind: 'answer', answer, records: await recordAnswer(answer, ready, ports), isCapped: ready.isCapped };
  }
}

const frameOf = ({ model, system, tools }: TurnPorts): Pick<TurnPorts, 'model' | 'system' | 'tools'> => ({
  ...{ model, system, tools },
});

const predict = (ports: TurnPorts): Prediction =>
  ports.meter.predict({ ...frameOf(ports), messages: ports.state.conversation.forRequest });

/** How a compaction ends the turn; a failed one alone does not: the request may still fit. */
function endOf(outcome: CompactionOutcome, step: number): TurnEnd | undefined {
  if (outcome.kind === 'interrupted') return { reason: 'interrupted', step };
  if (outcome.kind === 'failed' && outcome.isBudget) return { reason: 'budget', step, error: outcome.error };
  return undefined;
}

/** Makes the request and asks the budgets for it. */
async function prepare(
  ports: TurnPorts,
  step: number,
  signal: AbortSignal,
): Promise<({ readonly kind: 'ready' } & Ready) | { readonly kind: 'end'; readonly end: TurnEnd }> {
  const { model, system, tools, book, meter } = ports;
  const shown = await requestedMessages(ports, step, signal);
  if (shown.kind === 'end') return shown;
  const { messages } = shown;
  const predicted = meter.predict({ ...frameOf(ports), messages });
  const allowance = await book.check(model, predicted);
  if (allowance.events.length > 0) await ports.record({ events: allowance.events });
  if (allowance.kind === 'stop') return { kind: 'end', end: { reason: 'budget', step, error: allowance.error } };
  const { isCapped, ...limit } = outputLimit(model, meter.limits(model), allowance.maxOutputTokens);
  const request = { system, messages, tools, ...limit };
  return { kind: 'ready', request, predicted, isCapped, release: allowance.release };
}

function newAnswer(ports: TurnPorts, step: number): Answer {
  const { model, exposeThinking, isCallIdTaken, soon } = ports;
  return new Answer({ step, vendor: model.vendor, exposeThinking, isCallIdTaken, soon });
}

async function take(answer: Answer, request: ModelRequest, ports: TurnPorts, signal: AbortSignal): Promise<void> {
  const { model, retry, record } = ports;
  const options = { signal, config: retry, onRetry: retryEvents(record) };
  for await (const chunk of streamWithRetry(model, request, options)) await answer.take(chunk);
  answer.end();
}

function isTooLong(error: unknown): boolean {
  return error instanceof ModelError && error.code === 'context_length';
}

/** Keeps what was said before the stream broke, never its calls (I9). */
async function brokenOff(
  answer: Answer,
  error: unknown,
  ready: Ready,
  ports: TurnPorts,
  step: number,
  signal: AbortSignal,
): Promise<TurnEnd> {
  if (isAgentError(error) && error.family === 'store') throw error;
  answer.end();
  const content = answer.partialBlocks;
  const partial = content.length > 0 ? [assistantMessage(content, ports, { partial: true })] : [];
  // What was said before is paid for, thinking and half a call too; where nothing came, nothing was taken.
  const wasAnswered = answer.usage !== undefined || answer.streamedCharacters > 0;
  await recordUsage(answer, ready, ports, { messages: partial, events: [] }, wasAnswered);
  if (isAborted(signal)) return { reason: 'interrupted', step };
  return { reason: 'failed', step, error: infoOf(error) };
}

async function recordAnswer(answer: Answer, ready: Ready, ports: TurnPorts): Promise<readonly ToolCallRecord[]> {
  const records = answer.calls.map((call) => newRecord(call.block, ports.now()));
  const started = records.map((call): AgentEvent => ({
    channel: 'progress',
    type: 'tool:start',
    call: snapshotOf(call),
  }));
  const messages = answer.blocks.length > 0 ? [assistantMessage(answer.blocks, ports)] : [];
  const events = [breakpoint('STREAMING_MODEL', records.length > 0 ? 'TOOL_PENDING' : 'READY'), ...started];
  await recordUsage(answer, ready, ports, { messages, toolCalls: records, events }, true);
  return records;
}

/** Records an answer with what it took, and learns from the vendor's count. @param isPaid false: the request came to nothing */
async function recordUsage(
  answer: Answer,
  { predicted, request, release }: Ready,
  ports: TurnPorts,
  change: Change & { readonly messages: readonly Message[] },
  isPaid: boolean,
): Promise<void> {
  const { model, meter, book } = ports;
  try {
    if (!isPaid) {
      await ports.record(change);
      return;
    }
    const [message] = change.messages;
    const isCounted = answer.usage !== undefined && model.capabilities.usage === 'reported';
    const estimated = usageFrom(predicted.tokens, estimateCharacters(answer.streamedCharacters));
    const usage = answer.usage ?? estimated;
    const { event, late } = book.entry(model, usage, 'answer', !isCounted);
    const count = isCounted ? usage : estimated;
    const context: AgentEvent = { channel: 'monitor', type: 'context_usage', ...meter.usage(model, count.totalTokens) };
    await ports.record({ ...change, late, events: [event, context, ...change.events] });
    meter.learn(model, predicted, count, { first: request.messages[0], answer: message });
    await book.add(event);
  } finally {
    release();
  }
}

function assistantMessage(
  content: readonly ContentBlock[],
  ports: TurnPorts,
  metadata?: { readonly partial: true },
): Message {
  return { id: newMessageId(), role: 'assistant', content, createdAt: ports.now(), ...(metadata && { metadata }) };
}

export function breakpoint(previous: BreakpointState, current: BreakpointState): AgentEvent {
  return { channel: 'monitor', type: 'breakpoint_changed', previous, current };
}

/** An answer that a budget held short. */
export const heldShort: FailureInfo = {
  code: 'budget',
  message: 'The answer was cut off where it would have passed the budget.',
  advice: 'Raise the budget (in VS Code: "Countersign: Set Budget…") and say "go on".',
  retryable: false,
};
