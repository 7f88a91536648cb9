import { ToolError } from '../../core/errors';
import type { PendingFile, PendingReviews } from './pendingReviews';
import { shownHunks } from './surfaces/hunkPlaces';

export interface ReviewOpsPorts {
  readonly reviews: Pick<PendingReviews, 'files' | 'accept' | 'reject'>;
  /** Opens the file, and the first hunk that waits there. `line`: from 0, where the file is there. */
  readonly show: (file: PendingFile, line: number) => Promise<void>;
}

/** What the panel's bar of pending files does. Files are named as people know them. */
export class ReviewOps {
  readonly #ports: ReviewOpsPorts;

  constructor(ports: ReviewOpsPorts) {
    this.#ports = ports;
  }

  /** @param path absent: all that waits. @throws ToolError of `PendingReviews.reject`; 'not_found' where the file does not wait any more */
  async decide(decision: 'accept' | 'reject', path: string | undefined): Promise<void> {
    const { reviews } = this.#ports;
    const decided =
      path === undefined ? ({ kind: 'all' } as const) : { kind: 'file' as const, uri: this.#find(path).uri };
    if (decision === 'accept') await reviews.accept(decided);
    else await reviews.reject(decided, '');
  }

  /** @param path absent: the file that waits longest */
  async show(path: string | undefined): Promise<void> {
    const [first] = this.#ports.reviews.files;
    const file = path === undefined ? first : this.#find(path);
    // Decided meanwhile: the panel hears of it by itself.
    if (file) await this.#ports.show(file, shownHunks(file.review)[0]?.nowStart ?? 0);
  }

  #find(path: string): PendingFile {
    const file = this.#ports.reviews.files.find(({ display }) => display === path);
    if (!file)
      throw new ToolError('not_found', `Nothing waits to be reviewed in ${JSON.stringify(path)} any more.`, {
        advice: 'It was decided meanwhile.',
      });
    return file;
  }
}
