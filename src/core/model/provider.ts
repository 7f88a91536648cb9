import { AgentError } from '../errors';
import type { Message } from '../protocol/messages';
import type { ModelChoice } from '../protocol/models';
import type { ModelPrice, TokenUsage } from '../protocol/usage';
import type { JsonObject } from '../util/json';

/** What a model can do; the loop and the UI ask these, never the vendor's name. */
export interface ModelCapabilities {
  /** Whether a system prompt is taken; otherwise it goes in front of the first user message. */
  readonly system: boolean;
  readonly tools: boolean;
  /** Whether one answer may hold several tool calls. */
  readonly parallelToolCalls: boolean;
  readonly images: boolean;
  /** Whether PDF documents are taken. */
  readonly pdf: boolean;
  /** Whether audio blocks are taken. Default: none are. */
  readonly audio?: boolean;
  /** Whether video blocks are taken. Default: none are. */
  readonly video?: boolean;
  readonly thinking: boolean;
  /** 'reported': the vendor counts tokens; 'estimated': we do. */
  readonly usage: 'reported' | 'estimated';
}

/** A tool as the model sees it. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, `type: 'object'` at the top. */
  readonly inputSchema: JsonObject;
}

/** What a model is asked with. */
export interface ModelRequest {
  /** Byte-stable between the steps of a session, so that the vendor's prompt cache holds. */
  readonly system: string;
  /** Every tool_use in it is answered by a tool_result in the next message. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
}

/** Why an answer ended: it was done, it asks for calls, it was too long, or the vendor held it back. */
export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter';

/** What a model says, in order. A stream that ends without `finish` was cut off: its tool calls are not to be run. */
export type ModelChunk =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'reasoning'; readonly delta: string }
  /** Closes the reasoning so far; `data` (a signature) goes back to the same vendor with the block. */
  | { readonly type: 'reasoning_end'; readonly data?: JsonObject }
  | { readonly type: 'tool_call_start'; readonly id: string; readonly name: string }
  | { readonly type: 'tool_call_delta'; readonly id: string; readonly delta: string }
  /** A whole call. `input` is the argument text as it came: it may be cut off or not JSON at all. */
  | {
      readonly type: 'tool_call';
      readonly id: string;
      readonly name: string;
      readonly input: string;
      readonly data?: JsonObject;
    }
  | { readonly type: 'usage'; readonly usage: Omit<TokenUsage, 'cost'> }
  | { readonly type: 'finish'; readonly reason: FinishReason };

/** A sign of life that says nothing: it only keeps the idle time-out from striking. `streamWithRetry` does not pass it on. */
export interface KeepAlive {
  readonly type: 'keep_alive';
}

/** The port to a language model. */
export interface ModelProvider {
  /** Stable name of who made it, for example `anthropic`; reasoning goes back only where this is equal. */
  readonly vendor: string;
  readonly model: string;
  /** What it was opened from; kept with the session, so that it comes back with the same model. Absent: nothing is kept. */
  readonly choice?: ModelChoice;
  /** Absent: price unknown. */
  readonly price?: ModelPrice;
  readonly capabilities: ModelCapabilities;
  /** Tokens of input and output together. */
  readonly maxWindowSize: number;
  readonly maxOutputTokens: number;
  /** Longest silence before the first chunk that says something, where that may be longer than usual: while a model is being loaded. */
  readonly firstChunkTimeoutMs?: number;
  /**
   * One model call. Leaving the loop or aborting ends the request within 100 ms.
   * @throws ModelError for every failure; the signal's reason when aborted.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk | KeepAlive>;
}

/** What went wrong with a model call. */
export type ModelErrorCode =
  | 'rate_limit'
  | 'authentication'
  | 'quota_exceeded'
  | 'context_length'
  | 'invalid_request'
  | 'model_not_found'
  | 'content_filter'
  | 'timeout'
  | 'network'
  | 'service_unavailable'
  | 'stream_cut'
  | 'invalid_response';

const retryableCodes: ReadonlySet<ModelErrorCode> = new Set([
  'rate_limit',
  'timeout',
  'network',
  'service_unavailable',
  'stream_cut',
]);

/** A model call failed. `retryable` follows from the code. */
export class ModelError extends AgentError<ModelErrorCode> {
  override readonly name: string = 'ModelError';
  override readonly family = 'model';
  /** How long the vendor asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ModelErrorCode,
    message: string,
    options: { readonly advice?: string; readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(code, message, { ...options, retryable: retryableCodes.has(code) });
    this.retryAfterMs = options.retryAfterMs;
  }
}
