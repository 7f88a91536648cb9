import { Worker, type MessagePort } from 'node:worker_threads';
import { ToolError } from '../../core/errors';

export interface LineMatch {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
}

type Question =
  | { readonly kind: 'lines'; readonly text: string; readonly limit: number }
  | { readonly kind: 'names'; readonly names: readonly string[] };

export interface RegexWorkerOptions {
  readonly source: string;
  readonly flags: string;
  /** Milliseconds of work in all after which it is ended. */
  readonly timeLimitMs: number;
}

/**
 * Runs one regular expression in a thread of its own: one that never comes to an end can be ended there, here it would hold
 * up everything. The expression must be valid.
 */
export class RegexWorker {
  readonly #worker: Worker;
  #leftMs: number;
  readonly #timeLimitMs: number;

  constructor({ source, flags, timeLimitMs }: RegexWorkerOptions) {
    this.#leftMs = timeLimitMs;
    this.#timeLimitMs = timeLimitMs;
    // The function is sent as text, so that no bundler has to know of a second file: it must use nothing from around it.
    const script = `const { parentPort, workerData } = require('node:worker_threads'); (${answerQuestions.toString()})(parentPort, workerData);`;
    this.#worker = new Worker(script, {
      eval: true,
      workerData: { source, flags },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    this.#worker.unref();
    // Each question listens for itself; between them there is nobody to tell.
    this.#worker.on('error', () => undefined);
  }

  /** The lines in which it matches, with the first place in each. */
  async lines(text: string, limit: number, signal: AbortSignal): Promise<readonly LineMatch[]> {
    const numbers = await this.#ask({ kind: 'lines', text, limit }, signal);
    const lines = text.split('\n');
    return Array.from({ length: numbers.length / 2 }, (_, index) => {
      const line = numbers[2 * index] ?? 1;
      return { line, column: numbers[2 * index + 1] ?? 1, text: lines[line - 1] ?? '' };
    });
  }

  /** The names it matches, in order. */
  async names(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const indexes = await this.#ask({ kind: 'names', names }, signal);
    return indexes.flatMap((index) => names[index] ?? []);
  }

  async dispose(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(question: Question, signal: AbortSignal): Promise<readonly number[]> {
    signal.throwIfAborted();
    const start = performance.now();
    const answered = new AbortController();
    try {
      return await new Promise<readonly number[]>((resolve, reject) => {
        const timer = setTimeout(() => reject(tookTooLong(this.#timeLimitMs)), Math.max(this.#leftMs, 1));
        const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        const onError = (error: Error): void => reject(couldNotRun(error));
        signal.addEventListener('abort', onAbort, { once: true, signal: answered.signal });
        this.#worker.once('message', resolve);
        this.#worker.once('error', onError);
        answered.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          this.#worker.off('message', resolve);
          this.#worker.off('error', onError);
        });
        this.#worker.postMessage(question);
      });
    } finally {
      answered.abort();
      this.#leftMs -= performance.now() - start;
    }
  }
}

/** The other thread's whole program. Answers with numbers only: pairs of line and column, or indexes. */
function answerQuestions(port: MessagePort, { source, flags }: { source: string; flags: string }): void {
  const pattern = new RegExp(source, flags);
  const scan = (text: string, limit: number): number[] => {
    const found: number[] = [];
    let number = 0;
    const lines = text.split('\n');
    // After the last line break there is no line.
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      number += 1;
      const match = pattern.exec(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (match) found.push(number, match.index + 1);
      if (found.length >= 2 * limit) break;
    }
    return found;
  };
  port.on('message', (question: Question) => {
    const answer =
      question.kind === 'lines'
        ? scan(question.text, question.limit)
        : question.names.flatMap((name, index) => (pattern.test(name) ? [index] : []));
    port.postMessage(answer);
  });
}

function tookTooLong(timeLimitMs: number): ToolError {
  return new ToolError('timeout', `The pattern was given up after ${timeLimitMs / 1000} s.`, {
    advice: 'Use a simpler one, without repetitions inside of repetitions, or search in fewer files.',
  });
}

function couldNotRun(cause: Error): ToolError {
  return new ToolError('failed', `The pattern could not be run: ${cause.message}.`, {
    advice: 'Use a simpler one.',
    cause,
  });
}
