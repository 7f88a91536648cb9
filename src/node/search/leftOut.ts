import { ToolError } from '../../core/errors';
import type { LeftOutFiles } from '../../core/sandbox/sandbox';
import { readFileInside } from '../localFiles';
import type { PathBox } from '../pathBox';
import type { FoundFile } from './fileFinder';
import { searchableText } from './searchableText';

/** Reads files to search in, and counts those that are not read. */
export class LeftOut {
  readonly #box: PathBox;
  #secretFiles = 0;
  readonly #counts = { binary: 0, tooLarge: 0, unreadable: 0, ignored: 0 };

  constructor(box: PathBox) {
    this.#box = box;
  }

  /** Whatever is in them: a count of those in which the pattern stands would tell what they hold. */
  get secretFiles(): number {
    return this.#secretFiles;
  }

  counts(): LeftOutFiles {
    return { ...this.#counts };
  }

  addIgnored(): void {
    this.#counts.ignored += 1;
  }

  /** Undefined for what is left out. @throws ToolError for a file that was asked for by its name, unless it is secret. */
  async textOf({ path: file, isSecret, isNamed }: FoundFile, signal: AbortSignal): Promise<string | undefined> {
    if (isSecret) {
      this.#secretFiles += 1;
      return undefined;
    }
    const [read] = await Promise.allSettled([readFileInside(this.#box, file, signal)]);
    signal.throwIfAborted();
    if (read.status === 'rejected') {
      if (isNamed) throw read.reason;
      const isTooLarge = read.reason instanceof ToolError && read.reason.code === 'too_large';
      this.#counts[isTooLarge ? 'tooLarge' : 'unreadable'] += 1;
      return undefined;
    }
    const text = searchableText(read.value);
    if (text !== undefined) return text;
    if (isNamed) throw isBinary(await this.#box.displayOf(file));
    this.#counts.binary += 1;
    return undefined;
  }
}

function isBinary(display: string): ToolError {
  return new ToolError('binary', `${JSON.stringify(display)} is not a text file: it holds zero bytes.`, {
    advice: 'Use a command that knows this kind of file.',
  });
}
