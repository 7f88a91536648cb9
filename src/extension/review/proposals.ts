import { EventEmitter, window, workspace, type Disposable, type Event, type Tab } from 'vscode';
import type { FileChange } from '../../core/sandbox/sandbox';
import { Disposables } from '../../core/util/disposables';
import { withLineEndsOf, withLineFeeds } from '../lineEnds';
import { Turns } from '../turns';
import { ContextKeys } from './contextKeys';
import type { ProposalFile, ProposalFiles } from './proposalFiles';
import { allTabs, closeOrphans, closeTabs, openInBackground, proposalUriOf, reveal } from './proposalTabs';

/** A proposal that waits for the user. */
export interface OpenProposal {
  readonly permissionId: string;
  readonly reason: string;
  readonly files: readonly ProposalFile[];
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
  readonly #decided = new Map<string, ReadonlyMap<string, string>>();
  readonly #changed = new EventEmitter<void>();
  readonly #owned = new Disposables();
  readonly #contextKeys: ContextKeys;
  #disposed = false;
  #lastActive: string | undefined;
  /** Tabs open and close one after the other, in the order they were asked for. */
  #work: Promise<void> = Promise.resolve();

  /** Fires when a proposal opens or goes away, and when another diff becomes the current one. */
  readonly onDidChange: Event<void> = this.#changed.event;

  /** `report` hears of failures of what nobody waits for. `prefix` is that of the context keys. */
  constructor(files: ProposalFiles, report: (problem: unknown) => void, prefix = 'countersign') {
    this.#files = files;
    // When the window closes, everything that is under way is cancelled: nobody is left to hear of it.
    this.#report = (problem) => {
      if (!this.#disposed) report(problem);
    };
    this.#contextKeys = new ContextKeys(prefix, this.#report);
    this.#owned.add(this.#changed);
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
    const proposal: OpenProposal = { permissionId, reason, files };
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

  /** The right side as the user left it, saved or not; undefined for a deletion and for what was never proposed. */
  finalText(permissionId: string, path: string): string | undefined {
    const file = this.#open.get(permissionId)?.files.find(({ change }) => change.path === path);
    return file ? this.#rightText(file) : this.#decided.get(permissionId)?.get(path);
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
        const uri = proposalUriOf(tab, this.#files);
        return uri !== undefined && (isOurs.has(uri.toString()) || this.#files.permissionIdOf(uri) === permissionId);
      });
      await closeTabs(tabs, this.#files);
      if (!this.#open.has(permissionId)) for (const file of proposal.files) this.#files.remove(file);
    });
    this.#publish();
  }

  #rememberEdited(proposal: OpenProposal): void {
    const texts = new Map<string, string>();
    for (const file of proposal.files) {
      const text = this.#rightText(file);
      if (text !== undefined && text !== file.change.after) texts.set(file.change.path, text);
    }
    if (texts.size > 0) this.#decided.set(proposal.permissionId, texts);
    const oldest = this.#decided.keys().next();
    if (this.#decided.size > maxDecided && oldest.done !== true) this.#decided.delete(oldest.value);
  }

  /** Compared without line ends: the editor shows mixed ones as one kind, and that alone is no change of the user's. */
  #rightText(file: ProposalFile): string | undefined {
    const { after } = file.change;
    if (after === undefined) return undefined;
    const uri = file.right.toString();
    const document = workspace.textDocuments.find((open) => open.uri.toString() === uri && !open.isClosed);
    const text = document?.getText() ?? this.#files.savedText(file) ?? after;
    return withLineFeeds(text) === withLineFeeds(after) ? after : withLineEndsOf(after, text);
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
