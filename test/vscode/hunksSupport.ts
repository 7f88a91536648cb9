import { strict as assert } from 'node:assert';
import { Position, Selection, type TextEditor } from 'vscode';
import type { AppliedChange, FileChange } from '../../src/core/sandbox/sandbox';
import { landedNote } from '../../src/core/tools/landedNote';
import type { ProposalAnswer } from '../../src/extension/review/proposalDecision';
import { ProposalHunks } from '../../src/extension/review/proposalHunks';
import { EditsFixture, unheard } from './editsSupport';

/** What became of a proposal: what the agent would have gone on with. */
export interface Settled extends ProposalAnswer {
  readonly applied?: readonly AppliedChange[];
  /** What the model reads. */
  readonly note?: string;
  readonly error?: unknown;
}

/** Proposals whose questions are answered as the agent does it: what was allowed is applied, then the diff goes away. */
export class HunksFixture extends EditsFixture {
  readonly reported: unknown[] = [];
  readonly settled = new Map<string, Settled>();
  readonly #open = new Map<string, { readonly changes: readonly FileChange[]; dispose(): void }>();
  readonly hunks = new ProposalHunks({
    proposals: this.proposals,
    decide: (permissionId, answer) => this.decide(permissionId, answer),
    report: (problem) => this.reported.push(problem),
  });

  override async propose(permissionId: string, ...changes: FileChange[]) {
    const proposal = await super.propose(permissionId, ...changes);
    this.#open.set(permissionId, { changes, dispose: () => proposal.dispose() });
    return proposal;
  }

  /** Opens the proposal in front. */
  async show(permissionId: string, ...changes: FileChange[]): Promise<TextEditor> {
    await this.propose(permissionId, ...changes);
    return this.rightEditor(permissionId);
  }

  async decide(permissionId: string, given: ProposalAnswer): Promise<void> {
    const open = this.#open.get(permissionId);
    assert.ok(open, `${permissionId} is no open question`);
    this.#open.delete(permissionId);
    const { decision, note } = this.proposals.answer(permissionId, given);
    const said = note === undefined ? {} : { note };
    if (decision === 'deny') this.settled.set(permissionId, { decision, ...said });
    else
      try {
        const consent = { kind: 'approved', permissionId } as const;
        const applied = await this.edits.apply(consent, open.changes, unheard());
        const told = landedNote(consent, open.changes, applied, note);
        this.settled.set(permissionId, { decision, applied, ...(told !== undefined && { note: told }) });
      } catch (error) {
        this.settled.set(permissionId, { decision, error });
      }
    open.dispose();
    await this.proposals.settled();
  }

  fileOf(permissionId: string, index = 0) {
    const file = this.proposals.open.find((open) => open.permissionId === permissionId)?.files[index];
    assert.ok(file, `no file ${index} of ${permissionId}`);
    return file;
  }

  answerOf(permissionId: string): Settled {
    const found = this.settled.get(permissionId);
    assert.ok(found, `${permissionId} is not answered`);
    return found;
  }

  /** What waits in the proposal's first file. */
  waiting(permissionId: string): readonly string[] {
    return this.fileOf(permissionId).text.hunks.map(({ now }) => now);
  }

  override async reset(): Promise<void> {
    await super.reset();
    assert.deepEqual(this.reported, []);
  }

  override async dispose(): Promise<void> {
    this.hunks.dispose();
    await super.dispose();
  }
}

export function putCursor(editor: TextEditor, line: number): void {
  const at = new Position(line, 0);
  editor.selection = new Selection(at, at);
}

/** `count` lines `line 1`... with some replaced, by their number from 1. */
export function lines(count: number, replaced: Readonly<Record<number, string>> = {}, end = '\n'): string {
  return Array.from({ length: count }, (_, index) => `${replaced[index + 1] ?? `line ${index + 1}`}${end}`).join('');
}
