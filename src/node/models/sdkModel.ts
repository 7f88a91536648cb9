import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ReasoningEffort } from '../../core/protocol/models';
import type { JsonObject } from '../../core/util/json';
import type { ResolvedConnection } from './connection';
import type { ModelFacts } from './modelFacts';

/** What a vendor's module makes its model from. */
export interface SdkCall {
  readonly connection: ResolvedConnection;
  readonly facts: ModelFacts;
  /** What the request allows, thinking included; undefined: it does not say. */
  readonly maxOutputTokens: number | undefined;
  readonly fetch: typeof globalThis.fetch;
}

/** Names of calls as a vendor insists on them. */
export interface CallIds {
  readonly pattern: RegExp;
  /** The name of the session's call at this place, for one that does not fit the pattern. */
  readonly at: (index: number) => string;
}

/** A model of the AI SDK with what its vendor needs beside it. */
export interface SdkModel {
  readonly model: LanguageModelV4;
  /** Sent with every call. */
  readonly providerOptions?: SharedV4ProviderOptions;
  /** See PromptOptions. */
  readonly cacheMark?: SharedV4ProviderOptions;
  /** See PromptOptions. */
  readonly accepts: (data: JsonObject) => boolean;
  /** See PromptOptions. */
  readonly callIds?: CallIds;
  /** See PromptOptions. */
  readonly answersTools?: boolean;
  /** Whether reasoning without a signature goes back to the vendor too. */
  readonly returnsReasoning?: boolean;
  /** What the SDK is told of effort and length, where the module asks for thinking itself. Default: what is wanted of the model. */
  readonly asked?: { readonly effort?: ReasoningEffort; readonly maxOutputTokens: number };
}

/**
 * What a vendor's module exports. It is a bundle of its own, loaded when the first of its models is opened, so it holds
 * the SDK and nothing that is compared by `instanceof`: our errors would be other classes in there.
 */
export interface SdkModule {
  readonly create: (call: SdkCall) => SdkModel;
}
