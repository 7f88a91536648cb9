import { strict as assert } from 'node:assert';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Uri } from 'vscode';
import { hunksOf, type Hunk } from '../../src/core/edits/review';
import { MemoryReviews } from '../../src/core/permission/reviews';
import { asMessageId, newAgentId } from '../../src/core/protocol/ids';
import type { EditConsent, FileChange } from '../../src/core/sandbox/sandbox';
import type { Judgment, PendingFile } from '../../src/extension/review/pendingReviews';
import { connectPendingParts, type PendingParts } from '../../src/extension/review/pending/pendingParts';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';
import { change, EditsFixture, eventually, plainFiles, unheard } from './editsSupport';

export const agentId = newAgentId();

/** Edits that land in review mode, with a ledger over a storage of its own. */
export class PendingFixture extends EditsFixture {
  readonly storage = mkdtempSync(path.join(tmpdir(), 'pending-'));
  readonly errors: unknown[] = [];
  readonly warnings: string[] = [];
  readonly judgments: Judgment[] = [];
  readonly seen = new MemoryReviews();
  parts: PendingParts;
  pendingEdits: WorkspaceEdits;

  constructor() {
    super();
    this.parts = this.makeParts();
    this.pendingEdits = new WorkspaceEdits(this.proposals, plainFiles(), this.parts.witness);
  }

  makeParts(): PendingParts {
    const parts = connectPendingParts({
      storageDir: this.storage,
      turns: this.proposals.applications,
      reviews: this.seen,
      reportError: (what, error) => this.errors.push(`${what}: ${String(error)}`),
      warn: (message) => this.warnings.push(message),
      workspaceKey: 'test',
    });
    parts.reviews.onDidJudge((judgment) => this.judgments.push(judgment));
    return parts;
  }

  /** What a reload of the window leaves: the storage. `kill`: what was not written yet is lost. */
  async reload(kill = false): Promise<void> {
    if (!kill) await this.parts.close();
    this.parts = this.makeParts();
    this.pendingEdits = new WorkspaceEdits(this.proposals, plainFiles(), this.parts.witness);
    await this.parts.ready;
  }

  land(file: string, before: string | undefined, after: string | undefined, turn = 'turn-1') {
    return this.landAll([change(file, before, after)], turn);
  }

  landAll(changes: readonly FileChange[], turn = 'turn-1') {
    const consent: EditConsent = { kind: 'pending', agentId, turnId: asMessageId(turn) };
    return this.pendingEdits.apply(consent, changes, unheard());
  }

  /** Edits of another window. */
  landOver(parts: PendingParts, one: FileChange, turn = 'turn-2') {
    const consent: EditConsent = { kind: 'pending', agentId, turnId: asMessageId(turn) };
    return new WorkspaceEdits(this.proposals, plainFiles(), parts.witness).apply(consent, [one], unheard());
  }

  pending(file: string): PendingFile | undefined {
    return this.parts.reviews.file(Uri.file(file));
  }

  hunks(file: string): readonly Hunk[] {
    const pending = this.pending(file);
    return pending ? hunksOf(pending.review) : [];
  }

  /** Base and text of each hunk, with `*` where the user has typed. */
  shown(file: string): readonly string[] {
    return this.hunks(file).map(({ base, now, touched }) => `${base}>${now}${touched ? '*' : ''}`);
  }

  /** Waits for the hunks to be as said. */
  async shows(file: string, hunks: readonly string[]): Promise<void> {
    const isSo = (): boolean => JSON.stringify(this.shown(file)) === JSON.stringify(hunks);
    await eventually('hunks', () => isSo()).catch(() => assert.deepEqual(this.shown(file), hunks));
  }

  async reject(file: string, ...indexes: readonly number[]): Promise<void> {
    const ids = indexes.map((index) => this.hunks(file)[index]?.id ?? -1);
    await this.parts.reviews.reject({ kind: 'hunks', uri: Uri.file(file), ids }, 'because');
  }

  async accept(file: string, ...indexes: readonly number[]): Promise<void> {
    const ids = indexes.map((index) => this.hunks(file)[index]?.id ?? -1);
    await this.parts.reviews.accept({ kind: 'hunks', uri: Uri.file(file), ids });
  }

  stored(): readonly string[] {
    const folder = this.storedFolder();
    return readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  }

  storedFolder(): string {
    const folder = path.join(this.storage, 'v1', 'pending');
    return path.join(folder, readdirSync(folder)[0] ?? '');
  }

  override async reset(): Promise<void> {
    await this.parts.reviews.accept({ kind: 'all' });
    await super.reset();
    await this.parts.reviews.accept({ kind: 'all' });
    assert.deepEqual(this.errors, []);
    this.judgments.length = 0;
  }

  override async dispose(): Promise<void> {
    await this.parts.close();
    await super.dispose();
    rmSync(this.storage, { recursive: true, force: true });
  }
}

/** The extension host's console reaches nobody. */
export function printed(line: string): void {
  const file = process.env['COUNTERSIGN_TEST_OUTPUT'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
