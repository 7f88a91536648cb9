/** The families of failures. Branch on `code`, never on the message. */
export type ErrorFamily = 'model' | 'tool' | 'sandbox' | 'store' | 'permission' | 'config';

/** What an error says beside its code and message. */
export interface AgentErrorOptions {
  /** What the reader can do next, as a full sentence. */
  readonly advice?: string;
  /** Whether trying the same again can succeed. Default false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Every failure of the runtime: `message` says what happened and quotes the offending value, `advice` what to do next. */
export abstract class AgentError<Code extends string = string> extends Error {
  abstract readonly family: ErrorFamily;
  readonly code: Code;
  readonly advice: string;
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: AgentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice ?? '';
    this.retryable = options.retryable ?? false;
  }
}

/** `instanceof` alone would make the code an `any`. */
export function isAgentError(error: unknown): error is AgentError {
  return error instanceof AgentError;
}

/** Why a tool could not do what it was asked to. */
export type ToolErrorCode =
  | 'invalid_arguments'
  | 'unknown_tool'
  | 'not_found'
  | 'not_unique'
  | 'no_match'
  | 'already_applied'
  | 'already_exists'
  | 'stale'
  | 'binary'
  | 'too_large'
  | 'not_a_file'
  | 'unsupported_encoding'
  /** A page stands at another host by now. */
  | 'redirected'
  | 'timeout'
  | 'failed';

/** A tool could not do what it was asked. It is an answer for the model, never an exception for the turn. */
export class ToolError extends AgentError<ToolErrorCode> {
  override readonly name = 'ToolError';
  override readonly family = 'tool';
}

/** Why a path was refused. */
export type SandboxErrorCode =
  | 'empty_path'
  | 'too_long'
  | 'control_characters'
  | 'uri'
  | 'home_path'
  | 'windows_path'
  | 'outside'
  | 'symlink'
  | 'ambiguous_root'
  | 'no_workspace'
  | 'not_a_file'
  | 'raced'
  | 'command_unavailable';

/** The sandbox refused a path or a command: nothing was read, written or run. */
export class SandboxError extends AgentError<SandboxErrorCode> {
  override readonly name = 'SandboxError';
  override readonly family = 'sandbox';
}

/** What a store could not do. */
export type StoreErrorCode =
  | 'invalid_id'
  | 'exists'
  | 'not_found'
  /** Another writer took over, or the session is open where it must not be. */
  | 'conflict'
  /** Somebody else holds the session: always a SessionHeldError. */
  | 'held'
  | 'closed'
  /** What is stored cannot be read whole; salvage brings back the rest. */
  | 'damaged'
  /** A newer version of Countersign wrote it. */
  | 'newer_version'
  | 'disk_full'
  | 'read_only'
  | 'io'
  /** The storage engine does not work on this machine. */
  | 'unavailable'
  | 'not_supported';

/** A session cannot be read, written or held. */
export class StoreError extends AgentError<StoreErrorCode> {
  override readonly name = 'StoreError';
  override readonly family = 'store';
}

/** What is wrong with a decision or a mode. */
export type PermissionErrorCode = 'unknown_permission' | 'already_decided' | 'unknown_mode' | 'invalid_mode';

/** A decision or a permission mode is not one. */
export class PermissionError extends AgentError<PermissionErrorCode> {
  override readonly name = 'PermissionError';
  override readonly family = 'permission';
}

/** What is wrong with a configuration. */
export type ConfigErrorCode =
  | 'no_model'
  | 'unknown_template'
  | 'invalid_template'
  | 'unknown_tool'
  | 'unknown_sandbox'
  | 'missing_dependency'
  | 'unknown_member'
  | 'invalid_value';

/** A configuration, a dependency or an argument makes no sense: nothing was done. */
export class ConfigError extends AgentError<ConfigErrorCode> {
  override readonly name = 'ConfigError';
  override readonly family = 'config';
}
