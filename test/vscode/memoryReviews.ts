import { EventEmitter, Range, type Uri, workspace, WorkspaceEdit, type Disposable } from 'vscode';
import {
  accepted,
  baseOf,
  hunksOf,
  nowOf,
  proposed,
  rebased,
  rejected,
  reviewOf,
  type HunkId,
} from '../../src/core/edits/review';
import type { AgentId } from '../../src/core/protocol/ids';
import type { Decided, Judgment, PendingFile, PendingReviews } from '../../src/extension/review/pendingReviews';

/** A ledger in memory for files with line feeds: the editor's documents follow it, and it follows what is typed into them. */
export class MemoryReviews implements PendingReviews, Disposable {
  readonly #changed = new EventEmitter<readonly Uri[]>();
  readonly #judged = new EventEmitter<Judgment>();
  readonly onDidChange = this.#changed.event;
  readonly onDidJudge = this.#judged.event;
  readonly judgments: Judgment[] = [];
  /** Why the next rejection fails. */
  refusal: Error | undefined;
  #files: readonly PendingFile[] = [];
  #writing = false;
  readonly #listener = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const file = this.file(document.uri);
    if (!file || this.#writing || contentChanges.length === 0) return;
    const review = contentChanges.reduce(
      (now, { rangeOffset, rangeLength, text }) =>
        rebased(now, { start: rangeOffset, end: rangeOffset + rangeLength, text }),
      file.review,
    );
    this.#put({ ...file, review });
  });

  get files(): readonly PendingFile[] {
    return this.#files;
  }

  file(uri: Uri): PendingFile | undefined {
    return this.#files.find((file) => file.uri.toString() === uri.toString());
  }

  /** An edit that landed unseen. Undefined: there was, or is, no such file. */
  async land(uri: Uri, before: string | undefined, after: string | undefined, turn: string): Promise<void> {
    const known = this.file(uri);
    const review = known ? proposed(known.review, after ?? '', turn) : reviewOf(before ?? '', after ?? '', turn);
    const kind = after === undefined ? 'deleted' : before === undefined ? 'created' : 'modified';
    if (after === undefined) await workspace.fs.delete(uri);
    else if (before === undefined) await workspace.fs.writeFile(uri, new TextEncoder().encode(after));
    else await this.#write(uri, after);
    const display = workspace.asRelativePath(uri);
    this.#put(known ? { ...known, review } : { uri, display, kind, state: 'here', review });
  }

  async accept(decided: Decided): Promise<void> {
    for (const { file, ids } of this.#met(decided)) {
      this.#put({ ...file, review: accepted(file.review, ids) });
      this.#tell('accepted', file, ids, '');
    }
  }

  async reject(decided: Decided, reason: string): Promise<void> {
    if (this.refusal) throw this.refusal;
    for (const { file, ids } of this.#met(decided)) {
      const review = rejected(file.review, ids);
      if (file.kind === 'created' && baseOf(review) === nowOf(review)) await workspace.fs.delete(file.uri);
      else if (file.kind === 'deleted') await workspace.fs.writeFile(file.uri, new TextEncoder().encode(nowOf(review)));
      else await this.#write(file.uri, nowOf(review));
      this.#put({ ...file, review });
      this.#tell('rejected', file, ids, reason);
    }
  }

  /** Nothing is pending any more; no file is touched. */
  clear(): void {
    const uris = this.#files.map(({ uri }) => uri);
    this.#files = [];
    this.judgments.length = 0;
    this.refusal = undefined;
    this.#changed.fire(uris);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
    this.#judged.dispose();
  }

  #met(decided: Decided): readonly { readonly file: PendingFile; readonly ids: readonly HunkId[] }[] {
    const idsOf = (file: PendingFile): readonly HunkId[] =>
      hunksOf(file.review).flatMap((hunk) => {
        if (decided.kind === 'turn') return hunk.origin === decided.turnId ? hunk.id : [];
        return decided.kind !== 'hunks' || decided.ids.includes(hunk.id) ? hunk.id : [];
      });
    const isMet = ({ uri }: PendingFile): boolean =>
      decided.kind === 'all' || decided.kind === 'turn' || decided.uri.toString() === uri.toString();
    return this.#files.filter(isMet).map((file) => ({ file, ids: idsOf(file) }));
  }

  #put(file: PendingFile): void {
    const isPending = hunksOf(file.review).length > 0;
    const known = this.file(file.uri);
    if (known) this.#files = this.#files.flatMap((one) => (one === known ? (isPending ? file : []) : one));
    else if (isPending) this.#files = [...this.#files, file];
    this.#changed.fire([file.uri]);
  }

  #tell(decision: Judgment['decision'], file: PendingFile, ids: readonly HunkId[], reason: string): void {
    const touched = hunksOf(file.review).some((hunk) => ids.includes(hunk.id) && hunk.touched);
    const judgment = { decision, display: file.display, hunks: ids.length, diff: '', touched, reason };
    this.judgments.push({ ...judgment, agentId: 'agt-test' as AgentId });
    this.#judged.fire({ ...judgment, agentId: 'agt-test' as AgentId });
  }

  async #write(uri: Uri, text: string): Promise<void> {
    this.#writing = true;
    try {
      const document = await workspace.openTextDocument(uri);
      const edit = new WorkspaceEdit();
      edit.replace(uri, new Range(0, 0, document.lineCount, 0), text);
      await workspace.applyEdit(edit);
      await document.save();
    } finally {
      this.#writing = false;
    }
  }
}
