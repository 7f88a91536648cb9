import type { ModelPrice } from './usage';

/** How much a model thinks before it answers, least first. What a model does not know of is not offered for it. */
export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
/** How long a model is to think before it answers. */
export type ReasoningEffort = (typeof reasoningEfforts)[number];

/** Which model, and how it is asked. Plain data without a key: it is stored with sessions and settings. */
export interface ModelChoice {
  /** An id of the list of vendors, for example `anthropic`. */
  readonly vendor: string;
  /** The vendor's own name of the model. */
  readonly model: string;
  /** Default: the model's own. */
  readonly effort?: ReasoningEffort;
  /** Which of the vendor's keys, by the name under which the host keeps it. Default: the vendor's current one. */
  readonly keyName?: string;
}

export const isSameChoice = (left: ModelChoice, right: ModelChoice): boolean =>
  isSameModel(left, right) && left.effort === right.effort && left.keyName === right.keyName;

export const isSameModel = (left: ModelChoice, right: ModelChoice): boolean =>
  left.vendor === right.vendor && left.model === right.model;

/** One model in a list to choose from. What is not known is absent. */
export interface ModelRow {
  readonly vendor: string;
  readonly model: string;
  /** For people; default the model's name. */
  readonly label?: string;
  /** Tokens of input and output together. */
  readonly windowTokens?: number;
  readonly maxOutputTokens?: number;
  readonly price?: ModelPrice;
  readonly images?: boolean;
  readonly pdf?: boolean;
  readonly tools?: boolean;
  /** The efforts that it knows; empty: it does not think, or not on demand. */
  readonly efforts?: readonly ReasoningEffort[];
}

/** 'cloud': with a key, over the internet. 'local': a server on this machine. 'editor': VS Code's own models. 'custom': the user names the address. */
export type VendorKind = 'cloud' | 'local' | 'editor' | 'custom';

/** A key as the panel may see it: never the key itself. */
export interface KeyView {
  readonly name: string;
  /** Its last characters, to tell keys apart. */
  readonly hint: string;
  /** Whether sessions use it that name no other. */
  readonly current: boolean;
  /** The host that it was given for, where requests go to another one now: it is not sent there. */
  readonly givenFor?: string;
}

/** Someone who serves models, as the model picker shows it. */
export interface VendorView {
  readonly id: string;
  readonly label: string;
  readonly kind: VendorKind;
  readonly needsKey: boolean;
  /** Where keys are made. */
  readonly keyUrl?: string;
  readonly keys: readonly KeyView[];
  /** Where requests go; absent while the user has to say it. */
  readonly baseUrl?: string;
  /** Whether a local server answered on its port; absent: nobody has looked. */
  readonly found?: boolean;
  /** Ready to be used: it has the key and the address that it needs, and a local one was found. */
  readonly ready: boolean;
  readonly models: readonly ModelRow[];
  /** 'known': from the table that comes with Countersign; 'listed': asked for at the endpoint. */
  readonly list: 'known' | 'asking' | 'listed' | { readonly problem: string; readonly advice: string };
}

/** Everything the model picker shows. */
export interface ModelsView {
  /** Those that are ready come first. */
  readonly vendors: readonly VendorView[];
  readonly favourites: readonly ModelChoice[];
  /** The last used ones, the last one first. */
  readonly recent?: readonly ModelChoice[];
  /** What new sessions use. */
  readonly standard?: ModelChoice;
}

/** What one small real request to a model brought. */
export type ModelTest =
  | {
      readonly ok: true;
      readonly model: string;
      /** Until the first sign of the answer. */
      readonly firstMs: number;
      readonly totalMs: number;
      /** Absent: price unknown. */
      readonly price?: ModelPrice;
      readonly windowTokens: number;
    }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly advice: string };
