import type { AgentId } from '../protocol/ids';
import type { Message, ToolResultContent } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { Tool } from '../tools/tool';
import { isAborted } from '../util/abort';
import { deepFreeze } from '../util/deepFreeze';
import { HookError } from './hookError';
import type { HookCall, HookContext, Hooks, MessagesSnapshot, ModelResponse } from './hooks';
import { requestMessages } from './requestMessages';
import { placeText, runHook, type HookPlace } from './runHook';
import { beforeToolOf, deniedBy, outcomeOf, resultAfter, withheldBy, type BeforeTool } from './toolHooks';
import { errorText } from '../util/errorText';

export interface HookOwner {
  /** For people, as in "the template "test"". */
  readonly owner: string;
  readonly hooks: Hooks;
}

export interface HookChainOptions {
  readonly owners: readonly HookOwner[];
  /** Milliseconds that one hook may take. */
  readonly limitMs: number;
  readonly now: () => number;
}

/** The hooks of one agent in their order: the tool's, the template's, those of its configuration. */
export class HookChain {
  readonly #options: HookChainOptions;
  /** What hooks are shown in place of the agent's own messages, made once for each. */
  readonly #shown = new WeakMap<Message, Message>();

  constructor(options: HookChainOptions) {
    this.#options = options;
  }

  get watchesMessages(): boolean {
    return this.#options.owners.some(({ hooks }) => hooks.messagesChanged !== undefined);
  }

  /** Those that bind the calls of subagents too. */
  get forSubagents(): readonly HookOwner[] {
    return this.#options.owners.map(({ owner, hooks: { preToolUse, postToolUse } }) => ({
      owner,
      hooks: { ...(preToolUse && { preToolUse }), ...(postToolUse && { postToolUse }) },
    }));
  }

  /** The first decision; a hook that fails denies. @throws the signal's reason. */
  async beforeTool(tool: Tool, call: HookCall, ctx: HookContext): Promise<BeforeTool | undefined> {
    for (const { hook, place } of this.#of('preToolUse', tool)) {
      try {
        const shown = deepFreeze(structuredClone(call));
        const decided = beforeToolOf(
          await this.#run(place, (signal) => hook(shown, { ...ctx, signal }), ctx.signal),
          place,
        );
        if (decided) return decided;
      } catch (error) {
        if (isAborted(ctx.signal)) throw error;
        return { kind: 'deny', result: deniedBy(failureAt(place, error)) };
      }
    }
    return undefined;
  }

  /** What the model reads of a call that has run; a hook that fails withholds it. Never throws. */
  async afterTool(
    tool: Tool,
    record: ToolCallRecord,
    result: ToolResultContent,
    ctx: HookContext,
  ): Promise<ToolResultContent> {
    let current = result;
    for (const { hook, place } of this.#of('postToolUse', tool)) {
      try {
        const shown = deepFreeze(structuredClone(outcomeOf(record, current, this.#options.now())));
        const decision = await this.#run(place, (signal) => hook(shown, { ...ctx, signal }), ctx.signal);
        current = resultAfter(current, decision, place);
      } catch (error) {
        return withheldBy(failureAt(place, error));
      }
    }
    return current;
  }

  /** The messages of a request. @throws HookError, the signal's reason. */
  async beforeModel(messages: readonly Message[], agentId: AgentId, signal: AbortSignal): Promise<readonly Message[]> {
    let current = messages;
    for (const { hook, place } of this.#of('preModel')) {
      const shown = Object.freeze(current.map((message) => this.#show(message)));
      const given = await this.#run(place, (limited) => hook(shown, { agentId, signal: limited }), signal);
      if (given !== undefined) current = requestMessages(given, place, this.#options.now());
    }
    return current;
  }

  /** @throws HookError, the signal's reason. */
  async afterModel(response: ModelResponse, agentId: AgentId, signal: AbortSignal): Promise<void> {
    for (const { hook, place } of this.#of('postModel')) {
      const shown = deepFreeze(structuredClone(response));
      await this.#run(place, (limited) => hook(shown, { agentId, signal: limited }), signal);
    }
  }

  /** Each hears of it whatever becomes of the others. @param onFailure hears of those that fail */
  async messagesChanged(
    { messages, ...rest }: MessagesSnapshot,
    onFailure: (error: Error) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const snapshot = { ...rest, messages: Object.freeze(messages.map((message) => this.#show(message))) };
    for (const { hook, place } of this.#of('messagesChanged')) {
      const ctx = { agentId: rest.agentId };
      try {
        await this.#run(place, (limited) => hook(snapshot, { ...ctx, signal: limited }), signal);
      } catch (error) {
        if (!isAborted(signal)) onFailure(failureAt(place, error));
      }
    }
  }

  #of<Name extends keyof Hooks>(
    name: Name,
    tool?: Pick<Tool, 'name' | 'hooks'>,
  ): readonly { readonly hook: NonNullable<Hooks[Name]>; readonly place: HookPlace }[] {
    const own: readonly HookOwner[] = tool?.hooks ? [{ owner: `the tool ${tool.name}`, hooks: tool.hooks }] : [];
    return [...own, ...this.#options.owners].flatMap(({ owner, hooks }) => {
      const hook = hooks[name];
      return hook ? [{ hook, place: { hook: name, owner } }] : [];
    });
  }

  #run<T>(place: HookPlace, call: (signal: AbortSignal) => T | Promise<T>, signal: AbortSignal): Promise<T> {
    return runHook(place, call, this.#options.limitMs, signal);
  }

  /** A hook that writes into what it is shown must not change the conversation. */
  #show(message: Message): Message {
    const known = this.#shown.get(message);
    if (known) return known;
    const shown = deepFreeze(structuredClone(message));
    this.#shown.set(message, shown);
    return shown;
  }
}

/** What a hook gave back can fail, too: what cannot be JSON, for example. */
function failureAt(place: HookPlace, error: unknown): Error {
  if (error instanceof HookError) return error;
  const why = errorText(error);
  return new HookError('hook_result', `${placeText(place)} gave back what cannot be used: ${why}`, { cause: error });
}
