import type { JsonObject, JsonValue } from '../util/json';
import type { CallId, MessageId } from './ids';

/** Plain text, Markdown in answers. */
export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}
/** What the model thought; `meta` is the vendor's own (signatures) and goes back only to the vendor that made it. */
export interface ReasoningBlock {
  readonly type: 'reasoning';
  readonly reasoning: string;
  readonly meta?: { readonly vendor: string; readonly data: JsonObject };
}
/** A picture, with its bytes. */
export interface ImageBlock {
  readonly type: 'image';
  /** For example `image/png`. */
  readonly mimeType: string;
  readonly base64: string;
}
/** A document for models that read such: PDF. Others are told that there was one. */
export interface FileBlock {
  readonly type: 'file';
  /** `application/pdf`. */
  readonly mimeType: string;
  readonly base64: string;
  readonly filename?: string;
}
/** A recording for models that hear such. Others are told that there was one. */
export interface AudioBlock {
  readonly type: 'audio';
  /** For example `audio/wav`. */
  readonly mimeType: string;
  readonly base64: string;
}
/** A film for models that see such. Others are told that there was one. */
export interface VideoBlock {
  readonly type: 'video';
  /** For example `video/mp4`. */
  readonly mimeType: string;
  readonly base64: string;
}
/** A call that the model asks for. */
export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: CallId;
  readonly name: string;
  readonly input: JsonValue;
  readonly meta?: { readonly vendor: string; readonly data: JsonObject };
}
/** The result of the call with this id; each call of an answer has exactly one. */
export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly tool_use_id: CallId;
  readonly content: ToolResultContent;
  readonly is_error: boolean;
}
/** A part of a message. A user gives text and media; the other kinds are the runtime's. */
export type ContentBlock =
  TextBlock | ReasoningBlock | ImageBlock | AudioBlock | VideoBlock | FileBlock | ToolUseBlock | ToolResultBlock;

/** Why a call failed: its arguments, its run, what it found out, a stop, a decision, or an error nobody expected. */
export type ToolErrorType = 'validation' | 'runtime' | 'logical' | 'aborted' | 'denied' | 'exception';

/** What the model reads as the outcome of a call. */
export type ToolResultContent =
  | { readonly ok: true; readonly data: JsonValue; readonly note?: string }
  | {
      readonly ok: false;
      readonly error: string;
      readonly errorType: ToolErrorType;
      readonly retryable: boolean;
      /** What a tool returned that worked but did not succeed: a failed command's output, for example. */
      readonly data?: JsonValue;
      /** What the user said with a denial, or what the runtime adds. */
      readonly note?: string;
      readonly recommendations?: readonly string[];
    };

/** Deeply readonly: a change is a new object. */
export interface Message {
  readonly id: MessageId;
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly ContentBlock[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly metadata?: JsonObject;
}

/** The text blocks of a message, joined by a line break. */
export function textOf(message: Pick<Message, 'content'>): string {
  return message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
}
