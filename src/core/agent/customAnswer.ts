import type { ModeAnswer } from '../permission/permissionModeRegistry';
import { isAborted } from '../util/abort';
import { startLimit, untilAborted } from './timeLimit';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { errorText } from '../util/errorText';

/** What the handler of an embedder's mode says; undefined for a built-in mode. A handler that fails or does not come back denies. */
export async function customAnswer(
  mode: string,
  { tool, plan, args, ctx }: Planned,
  { modes, agentId, toolTimeoutMs }: ToolCallPorts,
): Promise<ModeAnswer | undefined> {
  const handler = modes.get(mode);
  if (!handler) return undefined;
  const call = { id: ctx.callId, name: tool.name, args: structuredClone(args), agentId };
  const limit = startLimit(toolTimeoutMs);
  const signal = AbortSignal.any([ctx.signal, limit.signal]);
  try {
    const question = { toolName: tool.name, effect: plan.effect, call };
    const answer: unknown = await untilAborted(
      Promise.resolve().then(() => handler(question)),
      signal,
    );
    if (!isAborted(limit.signal) && (answer === 'allow' || answer === 'ask' || answer === 'deny'))
      return { answer, reason: `The mode ${mode} says so.` };
    return { answer: 'deny', reason: `The handler of the mode ${mode} gave no answer that counts.` };
  } catch (error) {
    const why = errorText(error);
    return { answer: 'deny', reason: `The handler of the mode ${mode} failed: ${why}` };
  } finally {
    limit.clear();
  }
}
