import { denial, failure } from '../agent/toolResults';
import type { ToolResultContent } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { isJsonObject, type JsonValue } from '../util/json';
import { plainJson } from '../util/plainJson';
import type { HookOutcome, NewOutcome } from './hooks';
import { placeText, refuseResult, type HookPlace } from './runHook';

/** What the hooks before a call have settled. */
export type BeforeTool =
  | { readonly kind: 'ask'; readonly reason: string; readonly meta?: JsonValue }
  | { readonly kind: 'deny'; readonly result: ToolResultContent }
  | { readonly kind: 'answer'; readonly result: ToolResultContent };

/** Reads a decision of `preToolUse`; undefined: it decides nothing. @throws HookError 'hook_result', TypeError. */
export function beforeToolOf(decision: unknown, place: HookPlace): BeforeTool | undefined {
  if (decision === undefined || decision === null) return undefined;
  if (typeof decision !== 'object') return refuseDecision(decision, place);
  if ('decision' in decision && decision.decision === 'ask') {
    const meta = 'meta' in decision && decision.meta !== undefined ? plainJson(decision.meta) : undefined;
    const said = isJsonObject(meta) ? meta['reason'] : undefined;
    const reason =
      typeof said === 'string' && said.trim() !== '' ? said : `${placeText(place)} wants a person to decide.`;
    return { kind: 'ask', reason, ...(meta !== undefined && { meta }) };
  }
  if ('decision' in decision && decision.decision === 'deny') {
    const reason = 'reason' in decision && typeof decision.reason === 'string' ? decision.reason : undefined;
    const denied = denial(reason ?? `${placeText(place)} does not allow this.`, undefined);
    if (!('toolResult' in decision) || decision.toolResult === undefined) return { kind: 'deny', result: denied };
    return { kind: 'deny', result: { ...denied, data: plainJson(decision.toolResult) } };
  }
  if (!('decision' in decision) && 'result' in decision)
    return { kind: 'answer', result: { ok: true, data: plainJson(decision.result) } };
  return refuseDecision(decision, place);
}

function refuseDecision(decision: unknown, place: HookPlace): never {
  return refuseResult(
    place,
    `${quote(decision)}, which is no decision`,
    "Return {decision: 'ask'}, {decision: 'deny'}, {result} or nothing; a hook cannot allow what the policy does not.",
  );
}

/** What a call that a failing hook denies is answered with. */
export function deniedBy(error: Error): ToolResultContent {
  return failure('denied', `This was not run. ${error.message}`, {
    recommendations: ['Do not try the same again: the same hook would stop it. Tell the user about it.'],
  });
}

/** What is said in place of a result that a failing hook has withheld. */
export function withheldBy(error: Error): ToolResultContent {
  return failure('exception', `This has run, but its result is withheld. ${error.message}`, {
    recommendations: ['It has had its effect: do not repeat it for its result. Tell the user about it.'],
  });
}

export function outcomeOf(record: ToolCallRecord, result: ToolResultContent, now: number): HookOutcome {
  const { id, name } = record;
  const durationMs = now - (record.startedAt ?? now);
  const note = result.note === undefined ? {} : { note: result.note };
  if (result.ok) return { id, name, ok: true, content: result.data, durationMs, ...note };
  return { id, name, ok: false, content: result.data ?? null, error: result.error, durationMs, ...note };
}

/** What the model reads after a hook has decided on an outcome. @throws HookError 'hook_result', TypeError. */
export function resultAfter(before: ToolResultContent, decision: unknown, place: HookPlace): ToolResultContent {
  if (decision === undefined || decision === null) return before;
  if (typeof decision === 'object' && 'replace' in decision && isOutcome(decision.replace))
    return changed({ ok: true, data: null }, { ok: true, ...decision.replace });
  if (typeof decision === 'object' && 'update' in decision && isOutcome(decision.update))
    return changed(before, decision.update);
  return refuseResult(place, `${quote(decision)}, which is no decision`, 'Return {update}, {replace} or nothing.');
}

function isOutcome(value: unknown): value is NewOutcome {
  if (!isJsonObject(value)) return false;
  const { ok, error, note } = value;
  const isText = (text: unknown): boolean => text === undefined || typeof text === 'string';
  return (ok === undefined || typeof ok === 'boolean') && isText(error) && isText(note);
}

function changed(before: ToolResultContent, set: NewOutcome): ToolResultContent {
  const data = 'content' in set ? plainJson(set.content) : (before.data ?? null);
  const note = set.note ?? before.note;
  const said = note === undefined ? {} : { note };
  const failed = before.ok ? failure('logical', set.note ?? 'It did not succeed.') : before;
  if (set.ok ?? before.ok) return { ok: true, data, ...said };
  return { ...failed, ...(set.error !== undefined && { error: set.error }), data, ...said };
}

const maxQuotedCharacters = 100;

function quote(value: unknown): string {
  const text = JSON.stringify(plainJson(value));
  return text.length > maxQuotedCharacters ? `${text.slice(0, maxQuotedCharacters)}…` : text;
}
