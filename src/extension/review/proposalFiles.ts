import { Disposable, Uri, workspace } from 'vscode';
import type { FileChange } from '../../core/sandbox/sandbox';
import { Disposables } from '../../core/util/disposables';
import { MemoryFiles } from './memoryFiles';
import { ProposedText } from './proposedText';

/** Both sides of one file's diff. `right` is read-only for a deletion: there is nothing to write there. */
export interface ProposalFile {
  readonly permissionId: string;
  readonly change: FileChange;
  readonly left: Uri;
  readonly right: Uri;
  /** What was decided of it so far, and what waits. */
  readonly text: ProposedText;
}

/**
 * The texts behind the diffs: `<prefix>-base` holds the files as they are, `<prefix>-proposal` what they would become, which
 * the user may change. Both in memory: with a mere content provider on the left the diff would not survive a reload.
 */
export class ProposalFiles implements Disposable {
  readonly baseScheme: string;
  readonly proposalScheme: string;
  readonly #base = new MemoryFiles('readonly');
  readonly #proposal = new MemoryFiles('writable');
  readonly #owned = new Disposables();

  constructor(prefix = 'countersign') {
    this.baseScheme = `${prefix}-base`;
    this.proposalScheme = `${prefix}-proposal`;
    this.#owned.add(this.#base);
    this.#owned.add(this.#proposal);
    this.#owned.add(
      workspace.registerFileSystemProvider(this.baseScheme, this.#base, { isCaseSensitive: true, isReadonly: true }),
    );
    this.#owned.add(
      workspace.registerFileSystemProvider(this.proposalScheme, this.#proposal, { isCaseSensitive: true }),
    );
  }

  add(permissionId: string, change: FileChange): ProposalFile {
    // The id stands in the authority: breadcrumbs and titles show the path, and that is for people.
    const place = { authority: permissionId, path: `/${change.display}` };
    const left = Uri.from({ scheme: this.baseScheme, ...place });
    const text = new ProposedText(change);
    this.#base.put(left, change.before ?? '');
    if (change.after === undefined) {
      const right = left.with({ query: 'deleted' });
      this.#base.put(right, '');
      return { permissionId, change, left, right, text };
    }
    const right = Uri.from({ scheme: this.proposalScheme, ...place });
    this.#proposal.put(right, change.after);
    return { permissionId, change, left, right, text };
  }

  /** Shows on the left what was accepted; on the right only where nobody can write, else its document does. */
  show({ change, left, right, text }: ProposalFile): void {
    this.#base.putChanged(left, text.base ?? '');
    if (change.after === undefined) this.#base.putChanged(right, text.now ?? '');
  }

  remove(file: ProposalFile): void {
    this.#base.remove(file.left);
    this.#base.remove(file.right);
    this.#proposal.remove(file.right);
  }

  /** The right side as it was last saved into memory. */
  savedText(file: ProposalFile): string | undefined {
    return this.#proposal.text(file.right);
  }

  /** Lets a document that has outlived its proposal be saved once more, so that its tab closes without a question. */
  adopt(uri: Uri): Disposable {
    this.#proposal.putAncient(uri);
    return new Disposable(() => this.#proposal.remove(uri));
  }

  owns(uri: Uri): boolean {
    return uri.scheme === this.baseScheme || uri.scheme === this.proposalScheme;
  }

  /** The proposal that a side of a diff belongs to. */
  permissionIdOf(uri: Uri): string | undefined {
    return this.owns(uri) ? uri.authority : undefined;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
