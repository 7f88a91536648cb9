import type { FinishReason } from '../model/provider';
import type { AgentId, CallId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import type { TokenUsage } from '../protocol/usage';
import type { Sandbox } from '../sandbox/sandbox';
import type { JsonObject, JsonValue } from '../util/json';

/**
 * Functions of the embedder around what an agent does. They come from a tool, from the template and from `overrides.hooks`, are
 * called in this order and are never stored: a resumed agent has those that it is given then. Each may take as long as a tool
 * (`limits.toolTimeoutMs`). They can only make things stricter: no hook lifts a floor, a list or a read-only mode.
 */
export interface Hooks {
  /**
   * Before a call is planned, with valid arguments. The first hook that decides wins; none: the permission policy alone decides.
   * One that fails denies the call.
   */
  readonly preToolUse?: (
    call: HookCall,
    ctx: HookContext,
  ) => PreToolUseDecision | undefined | Promise<PreToolUseDecision | undefined>;
  /**
   * After a call has run, well or not; not after one that was denied, stopped or answered by a hook. Each hook gets what the one
   * before made of it. One that fails withholds the result.
   */
  readonly postToolUse?: (
    outcome: HookOutcome,
    ctx: HookContext,
  ) => PostToolUseDecision | undefined | Promise<PostToolUseDecision | undefined>;
  /**
   * Before every model call, the one that sums up an older part included. What it returns goes to the model in place of the
   * messages; what is stored stays as it is. Calls and results stay together, else it is refused. One that fails ends the turn.
   */
  readonly preModel?: (
    messages: readonly Message[],
    ctx: ModelHookContext,
  ) => readonly RequestMessage[] | undefined | Promise<readonly RequestMessage[] | undefined>;
  /** After every answer, before it is stored and before any of its calls. One that fails ends the turn: no call runs. */
  readonly postModel?: (response: ModelResponse, ctx: ModelHookContext) => void | Promise<void>;
  /** After the conversation has changed. Nothing waits for it; one that fails is told as an `error` event. */
  readonly messagesChanged?: (snapshot: MessagesSnapshot, ctx: ModelHookContext) => void | Promise<void>;
}

/** A call with arguments that were checked and completed by the tool's schema. */
export interface HookCall {
  readonly id: CallId;
  readonly name: string;
  readonly args: JsonObject;
  readonly agentId: AgentId;
}

/** What a hook may look at. */
export interface HookContext {
  readonly agentId: AgentId;
  readonly callId: CallId;
  readonly sandbox: Sandbox;
  /** Aborted by Stop and by the time limit. */
  readonly signal: AbortSignal;
}

/** What a hook around requests and answers may look at. */
export type ModelHookContext = Pick<HookContext, 'agentId' | 'signal'>;

/** What a hook says before a call; nothing: it goes its way. */
export type PreToolUseDecision =
  /** A person is asked, also where the mode would run it. `meta` goes with the question; its `reason`, if it is a text, is shown. */
  | { readonly decision: 'ask'; readonly meta?: JsonValue }
  /** It does not run. The model reads the reason, and `toolResult` as data. */
  | { readonly decision: 'deny'; readonly reason?: string; readonly toolResult?: unknown }
  /** The model reads this; nothing runs. What the policy denies is denied all the same. */
  | { readonly result: unknown };

/** How a call went. `content`: what the tool gave back; `error`: why it failed, in a sentence. */
export interface HookOutcome {
  readonly id: CallId;
  readonly name: string;
  readonly ok: boolean;
  readonly content: JsonValue;
  readonly error?: string;
  readonly note?: string;
  readonly durationMs: number;
}

/** What of an outcome a hook may set. */
export interface NewOutcome {
  readonly ok?: boolean;
  readonly content?: unknown;
  readonly error?: string;
  readonly note?: string;
}

/** What a hook makes of a call's outcome; nothing: it stays. */
export type PostToolUseDecision =
  /** These fields are set, the others stay. */
  | { readonly update: NewOutcome; readonly replace?: undefined }
  /** Nothing of it stays. `ok`: default true. */
  | { readonly replace: NewOutcome; readonly update?: undefined };

/** A message for one request. Without an id it gets one. */
export type RequestMessage = Pick<Message, 'role' | 'content'> & Partial<Message>;

/** An answer of the model, as far as hooks read and change it. */
export interface ModelResponse {
  readonly content: readonly ContentBlock[];
  readonly finish?: FinishReason;
  readonly usage?: Omit<TokenUsage, 'cost'>;
}

/** The conversation at one moment. */
export interface MessagesSnapshot {
  readonly agentId: AgentId;
  /** What a request is made from: the summary, if there is one, and all messages after it. */
  readonly messages: readonly Message[];
  /** All messages of the conversation, those included that a summary stands for. */
  readonly messageCount: number;
}
