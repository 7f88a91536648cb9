import { isDelta, type AgentEvent, type EventOf } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import { checkDebugOptions, type DebugConfig, type DebugOptions } from './debugConfig';
import { eventFacts } from './eventFacts';
import { safeName } from './safeName';

/** Writes what agents do to the embedder's log, one line for each event. */
export class DebugLog {
  readonly #config: DebugConfig;
  readonly #log: (line: string) => void;
  #failed = false;

  /** @throws ConfigError 'invalid_value'. */
  constructor(options: DebugOptions) {
    this.#config = checkDebugOptions(options);
    this.#log = options.log ?? ((line) => console.error(line));
  }

  /** Never throws: after the first failure of the embedder's function nothing more is written. */
  write(agentId: AgentId, event: AgentEvent): void {
    if (this.#failed) return;
    try {
      for (const text of this.#linesOf(event)) this.#log(`countersign ${safeName(agentId)} ${text}`);
    } catch (error) {
      this.#failed = error !== undefined;
    }
  }

  #linesOf(event: AgentEvent): readonly string[] {
    const { verbose, logTokenUsage, logCache, logRetries, redactSensitive } = this.#config;
    if (event.type === 'token_usage')
      return [
        ...(logTokenUsage || verbose ? [usageLine(event)] : []),
        ...(logCache || verbose ? [cacheLine(event)] : []),
      ];
    if (event.type === 'model_retry' && (logRetries || verbose)) {
      const { attempt, delayMs, error } = event;
      const said = redactSensitive ? '' : `: ${error.message}`;
      return [`retry ${attempt} in ${delayMs} ms after ${safeName(error.code)}${said}`];
    }
    if (!verbose || event.type === 'model_retry' || isDelta(event)) return [];
    return [redactSensitive ? `${event.type}${eventFacts(event)}` : `${event.type} ${JSON.stringify(event)}`];
  }
}

function usageLine({ model, purpose, inputTokens, outputTokens, totalTokens, cost }: EventOf<'token_usage'>): string {
  const paid = cost === undefined ? '' : `, cost ${cost} USD`;
  const what = purpose === 'compaction' ? ' for a summary' : '';
  return `tokens ${safeName(model)}${what}: ${inputTokens} in, ${outputTokens} out, ${totalTokens} in all${paid}`;
}

function cacheLine({ inputTokens, cacheReadTokens, cacheWriteTokens }: EventOf<'token_usage'>): string {
  const share = inputTokens > 0 ? Math.round((cacheReadTokens / inputTokens) * 100) : 0;
  return `cache: ${cacheReadTokens} of ${inputTokens} input tokens read (${share} %), ${cacheWriteTokens} written`;
}
