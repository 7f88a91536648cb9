import {
  EventEmitter,
  window,
  workspace,
  type Disposable,
  type Event,
  type Tab,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextDocumentContentChangeEvent,
  type Uri,
} from 'vscode';
import type { FileChange } from '../../core/sandbox/sandbox';
import { Disposables } from '../../core/util/disposables';
import { Turns } from '../../core/util/turns';
import { ContextKeys } from './contextKeys';
import { ProposalDecision, type ProposalAnswer } from './proposalDecision';
import type { ProposalFile, ProposalFiles } from './proposalFiles';
import { allTabs, closeOrphans, closeTabs, openInBackground, proposalUriOf, reveal, showsAll } from './proposalTabs';
import type { FileText } from './proposedText';

/** A proposal that waits for the user. */
export interface OpenProposal {
  readonly permissionId: string;
  readonly reason: string;
  readonly files: readonly ProposalFile[];
  readonly decision: ProposalDecision;
}

/** Texts of decided proposals that the user had changed; their application may come after their diff is gone. */
const maxDecided = 50;

/** The edits that wait for a decision, as diffs in the editor. Nothing that happens to a diff decides anything. */
export class Proposals implements Disposable {
  /** Those of all sessions of this window, one at a time: two of them may change the same file. */
  readonly applications = new Turns();
  readonly #files: ProposalFiles;
  readonly #report: (problem: unknown) => void;
  /** Oldest first. */
  readonly #open = new Map<string, OpenProposal>();
  readonly #decided = new Map<string, ReadonlyMap<string, { readonly text: FileText }>>();
  readonly #changed = new EventEmitter<void>();
  readonly #textChanged = new EventEmitter<ProposalFile>();
  readonly #putBack = new EventEmitter<OpenProposal>();
  readonly #owned = new Disposables();
  readonly #contextKeys: ContextKeys;
  #disposed = false;
  #lastActive: string | undefined;
  /** Tabs open and close one after the other, in the order they were asked for. */
  #work: Promise<void> = Promise.resolve();

  /** Fires when a proposal opens or goes away, and when another diff becomes the current one. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** Fires when what is left to decide of a file may be another. */
  readonly onDidChangeText: Event<ProposalFile> = this.#textChanged.event;
  /** Fires when whole lines of a right side were replaced in its editor, as its own arrow for a hunk does. */
  readonly onDidPutBack: Event<OpenProposal> = this.#putBack.event;

  /** `report` hears of failures of what nobody waits for. `prefix` is that of the context keys. */
  constructor(files: ProposalFiles, report: (problem: unknown) => void, prefix = 'countersign') {
    this.#files = files;
    // When the window closes, everything that is under way is cancelled: nobody is left to hear of it.
    this.#report = (problem) => {
      if (!this.#disposed) report(problem);
    };
    this.#contextKeys = new ContextKeys(prefix, this.#report);
    for (const emitter of [this.#changed, this.#textChanged, this.#putBack]) this.#owned.add(emitter);
    this.#owned.add(workspace.onDidChangeTextDocument((change) => this.#noteEdit(change)));
    this.#owned.add(workspace.onDidCloseTextDocument((document) => this.#noteText(document.uri)));
    this.#owned.add(window.tabGroups.onDidChangeTabs(({ opened, changed }) => this.#noteTabs([...opened, ...changed])));
    this.#owned.add(window.tabGroups.onDidChangeTabGroups(() => this.#noteTabs([])));
    this.#setContextKeys();
  }

  /** Oldest first. */
  get open(): readonly OpenProposal[] {
    return [...this.#open.values()];
  }

  /** Shows the first file's diff behind the user's editor; `dispose` takes all of the proposal's tabs away. */
  propose(permissionId: string, changes: readonly FileChange[], reason: string): { dispose(): void } {
    this.#withdraw(permissionId);
    const files = changes.map((change) => this.#files.add(permissionId, change));
    const proposal = { permissionId, reason, files, decision: new ProposalDecision(files) };
    this.#open.set(permissionId, proposal);
    const first = files[0];
    if (first) this.#enqueue(() => (this.#isOpen(proposal) ? openInBackground(first) : Promise.resolve()));
    this.#publish();
    return {
      dispose: () => {
        if (this.#isOpen(proposal)) this.#withdraw(permissionId);
      },
    };
  }

  /**
   * What lands of a file: the right side as the user left it, saved or not, or what they accepted of it; undefined for what
   * was never proposed.
   */
  finalText(permissionId: string, path: string): { readonly text: FileText } | undefined {
    const proposal = this.#open.get(permissionId);
    const decided = this.#decided.get(permissionId)?.get(path);
    const file = proposal?.files.find(({ change }) => change.path === path);
    if (!proposal || !file) return decided;
    this.#follow(file);
    return proposal.decision.landings().get(path) ?? { text: file.change.after };
  }

  /** What an answer means after all that was decided hunk by hunk, for what lands, too. Unknown ids are fine. */
  answer<Given extends ProposalAnswer>(permissionId: string, given: Given): Given {
    const proposal = this.#open.get(permissionId);
    for (const file of proposal?.files ?? []) this.#follow(file);
    return proposal?.decision.answer(given) ?? given;
  }

  /** Whether something of it lands even if it is rejected now. */
  isAcceptedInPart(permissionId: string): boolean {
    return this.#open.get(permissionId)?.decision.isAcceptedInPart === true;
  }

  /** The file whose diff is the active editor, or whose side is: in a view of several files. */
  fileInFront(): ProposalFile | undefined {
    const tab = window.tabGroups.activeTabGroup.activeTab;
    const uri = tab && showsAll(tab) ? window.activeTextEditor?.document.uri : proposalUriOf(tab, this.#files);
    return uri && this.fileOf(uri);
  }

  /** The open file that this is a side of. */
  fileOf(uri: Uri): ProposalFile | undefined {
    const permissionId = this.#files.permissionIdOf(uri);
    const proposal = permissionId === undefined ? undefined : this.#open.get(permissionId);
    return proposal?.files.find(({ left, right }) => [left, right].some((side) => side.toString() === uri.toString()));
  }

  /** To be called when something was accepted, or rejected where nobody can write. */
  noteDecided(file: ProposalFile): void {
    this.#files.show(file);
    this.#textChanged.fire(file);
  }

  /** Reveals the proposal's diff with the focus: the file that is shown already, else the first. Unknown ids are fine. */
  async show(permissionId: string): Promise<void> {
    const files = this.#open.get(permissionId)?.files ?? [];
    await this.#reveal(this.#activeFile(files) ?? files[0]);
  }

  /** Reveals the next (or previous) file that waits for a decision, through all open proposals and around. */
  async showNext(step: 1 | -1): Promise<void> {
    const files = this.open.flatMap((proposal) => proposal.files);
    const active = this.#activeFile(files);
    const start = active ? files.indexOf(active) + step : 0;
    await this.#reveal(files[(start + files.length) % files.length]);
  }

  /** The proposal whose diff is the active editor, or else the oldest open one: what a key without arguments means. */
  current(): string | undefined {
    return this.inFront() ?? this.open[0]?.permissionId;
  }

  /** The proposal whose diff is the active editor. */
  inFront(): string | undefined {
    const uri = proposalUriOf(window.tabGroups.activeTabGroup.activeTab, this.#files);
    const permissionId = uri && this.#files.permissionIdOf(uri);
    return permissionId !== undefined && this.#open.has(permissionId) ? permissionId : undefined;
  }

  /** Closes tabs that an earlier window left behind. To be called once at activation. */
  async reconcileTabs(): Promise<void> {
    this.#enqueue(() => this.#closeOrphans());
    await this.settled();
  }

  /** Resolves when the tabs are as was asked for so far. */
  async settled(): Promise<void> {
    await this.#work;
  }

  dispose(): void {
    this.#disposed = true;
    for (const permissionId of [...this.#open.keys()]) this.#withdraw(permissionId);
    this.#owned.dispose();
  }

  #withdraw(permissionId: string): void {
    const proposal = this.#open.get(permissionId);
    if (!proposal) return;
    this.#rememberEdited(proposal);
    this.#open.delete(permissionId);
    this.#enqueue(async () => {
      const isOurs = new Set(proposal.files.map((file) => file.right.toString()));
      const tabs = allTabs().filter((tab) => {
        if (showsAll(tab)) return true;
        const uri = proposalUriOf(tab, this.#files);
        return uri !== undefined && (isOurs.has(uri.toString()) || this.#files.permissionIdOf(uri) === permissionId);
      });
      await closeTabs(tabs, this.#files);
      if (!this.#open.has(permissionId)) for (const file of proposal.files) this.#files.remove(file);
    });
    this.#publish();
  }

  #rememberEdited(proposal: OpenProposal): void {
    for (const file of proposal.files) this.#follow(file);
    const landings = proposal.decision.landings();
    if (landings.size > 0) this.#decided.set(proposal.permissionId, landings);
    const oldest = this.#decided.keys().next();
    if (this.#decided.size > maxDecided && oldest.done !== true) this.#decided.delete(oldest.value);
  }

  /** Takes over what the right side holds, saved or not. @returns whether it was something else before. */
  #follow(file: ProposalFile): boolean {
    const uri = file.right.toString();
    const document = workspace.textDocuments.find((open) => open.uri.toString() === uri && !open.isClosed);
    const text = document?.getText() ?? this.#files.savedText(file);
    return text !== undefined && file.text.shown(text);
  }

  #noteText(uri: Uri): ProposalFile | undefined {
    const file = this.fileOf(uri);
    if (!file || !this.#follow(file)) return undefined;
    this.#textChanged.fire(file);
    return file;
  }

  #noteEdit({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    const file = contentChanges.length > 0 ? this.#noteText(document.uri) : undefined;
    const proposal = file && this.#open.get(file.permissionId);
    if (!proposal || reason !== undefined) return;
    if (contentChanges.every((change) => isOfWholeLines(change, document))) this.#putBack.fire(proposal);
  }

  #activeFile(files: readonly ProposalFile[]): ProposalFile | undefined {
    const active = proposalUriOf(window.tabGroups.activeTabGroup.activeTab, this.#files)?.toString();
    return files.find((file) => file.right.toString() === active || file.left.toString() === active);
  }

  async #reveal(file: ProposalFile | undefined): Promise<void> {
    if (!file) return;
    await this.#work;
    if (this.#open.has(file.permissionId)) await reveal(file);
  }

  #isOrphan(tab: Tab): boolean {
    const uri = proposalUriOf(tab, this.#files);
    const permissionId = uri && this.#files.permissionIdOf(uri);
    return permissionId !== undefined && !this.#open.has(permissionId);
  }

  #closeOrphans(): Promise<void> {
    const orphans = allTabs().filter((tab) => this.#isOrphan(tab));
    return closeOrphans(orphans, this.#files);
  }

  #isOpen(proposal: OpenProposal): boolean {
    return this.#open.get(proposal.permissionId) === proposal;
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(this.#report);
  }

  #noteTabs(touched: readonly Tab[]): void {
    // The editor brings unsaved text of an earlier window back some time after the start, in a tab of its own.
    if (touched.some((tab) => this.#isOrphan(tab))) this.#enqueue(() => this.#closeOrphans());
    if (this.#setContextKeys()) this.#changed.fire();
  }

  #publish(): void {
    this.#setContextKeys();
    this.#changed.fire();
  }

  /** Whether the active diff has changed. */
  #setContextKeys(): boolean {
    const active = this.inFront();
    const changed = active !== this.#lastActive;
    this.#lastActive = active;
    this.#contextKeys.set('hasProposal', this.#open.size > 0);
    this.#contextKeys.set('severalFiles', this.open.flatMap((proposal) => proposal.files).length > 1);
    this.#contextKeys.set('proposalActive', active !== undefined);
    return changed;
  }
}

function isOfWholeLines({ range, text }: TextDocumentContentChangeEvent, document: TextDocument): boolean {
  if (range.start.character !== 0) return false;
  if (range.end.character === 0 && (text === '' || text.endsWith('\n'))) return true;
  return document.offsetAt(range.start) + text.length === document.getText().length;
}
