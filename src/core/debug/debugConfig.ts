import { ConfigError } from '../errors';

/** What of the agents' work is written to a log. */
export interface DebugConfig {
  /** Every event, deltas excepted. Default false. */
  readonly verbose: boolean;
  /** What each model call has taken. Default true. */
  readonly logTokenUsage: boolean;
  /** What of it came out of the vendor's cache and went into it. Default true. */
  readonly logCache: boolean;
  /** Every wait before a model is called again. Default true. */
  readonly logRetries: boolean;
  /**
   * Nothing that a person, a model, a tool or a vendor has written gets into the log: events are told by their kinds, names, codes and
   * sizes. False: they are written whole, with whatever stands in them. Default true.
   */
  readonly redactSensitive: boolean;
}

/** What is logged, as far as it differs from the defaults, and where. */
export type DebugOptions = Partial<DebugConfig> & {
  /** Takes one line without a line end. Default: the console's error stream. */
  readonly log?: (line: string) => void;
};

export const defaultDebugConfig: DebugConfig = {
  verbose: false,
  logTokenUsage: true,
  logCache: true,
  logRetries: true,
  redactSensitive: true,
};

/** @throws ConfigError 'invalid_value', naming the field. */
export function checkDebugOptions({ log, ...given }: DebugOptions): DebugConfig {
  for (const name of Object.keys(defaultDebugConfig) as (keyof DebugConfig)[]) {
    const value: unknown = given[name];
    if (value !== undefined && typeof value !== 'boolean') throw invalid(name, value, 'true or false');
  }
  const taker: unknown = log;
  if (taker !== undefined && typeof taker !== 'function') throw invalid('log', taker, 'a function');
  // An undefined field counts as not given: redaction least of all may be lost by it.
  const set = Object.fromEntries(
    Object.entries<boolean | undefined>({ ...given }).filter(([, value]) => value !== undefined),
  );
  return { ...defaultDebugConfig, ...set };
}

function invalid(name: string, value: unknown, expected: string): ConfigError {
  return new ConfigError('invalid_value', `debug.${name} is ${JSON.stringify(value)}.`, {
    advice: `Give ${expected}.`,
  });
}
