import { ToolError } from '../../core/errors';
import type { LeftOutFiles } from '../../core/sandbox/grepResult';
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
    const bytes = await this.#bytesOf(file, isNamed, signal);
    if (!bytes) return undefined;
    const text = searchableText(bytes);
    if (text !== undefined) return text;
    if (isNamed) throw isBinary(await this.#box.displayOf(file));
    this.#counts.binary += 1;
    return undefined;
  }

  async #bytesOf(file: string, isNamed: boolean, signal: AbortSignal): Promise<Buffer | undefined> {
    try {
      return await readFileInside(this.#box, file, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isNamed) throw error;
      this.#counts[error instanceof ToolError && error.code === 'too_large' ? 'tooLarge' : 'unreadable'] += 1;
      return undefined;
    }
  }
}

function isBinary(display: string): ToolError {
  return new ToolError('binary', `${JSON.stringify(display)} is not a text file: it holds zero bytes.`, {
    advice: 'Use a command that knows this kind of file.',
  });
}
