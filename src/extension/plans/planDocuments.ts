import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { PermissionId } from '../../core/protocol/ids';
import { Disposables } from '../../core/util/disposables';
import { planScheme } from '../contributions';
import { fileName } from '../fileName';
import type { Kept } from '../kept';
import { MemoryFiles } from '../review/memoryFiles';
import { tabsOf } from '../strayTabs';

export interface PlanDocumentsPorts {
  /** What this window keeps of its workspace. */
  readonly memento: Kept;
  /** The text of a plan has changed. */
  readonly onChange: () => void;
  readonly reportError: (what: string, error: unknown) => void;
  /** Of the documents' addresses; of a window each scheme has one owner. Default: the extension's. */
  readonly scheme?: string;
}

const key = 'plans';
const keptPlans = 20;
const writeDelayMs = 300;
const plan = z.object({ permissionId: z.string(), path: z.string(), text: z.string() });
type Plan = z.infer<typeof plan>;

/**
 * Waiting plans as documents that the user can change, in memory. What is written there is kept at each change, saved or not,
 * over a reload of the window; it goes when the plan is answered.
 */
export class PlanDocuments implements vscode.Disposable {
  readonly #ports: PlanDocumentsPorts;
  readonly #scheme: string;
  readonly #files = new MemoryFiles('writable');
  readonly #plans: Map<string, Plan>;
  readonly #owned = new Disposables();
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: PlanDocumentsPorts) {
    this.#ports = ports;
    this.#scheme = ports.scheme ?? planScheme;
    const known = z.array(plan).safeParse(ports.memento.get(key) ?? []);
    this.#plans = new Map((known.success ? known.data : []).map((one) => [one.permissionId, one]));
    for (const one of this.#plans.values()) this.#files.put(this.#uriOf(one), one.text);
    this.#owned.add(this.#files);
    this.#owned.add(vscode.workspace.registerFileSystemProvider(this.#scheme, this.#files, { isCaseSensitive: true }));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changed(document)));
    this.#owned.defer(() => this.#write());
  }

  /** The plan as the user left it; undefined where they never opened it. */
  text(permissionId: PermissionId): string | undefined {
    return this.#plans.get(permissionId)?.text;
  }

  /** Opens the plan, as it was left or as the agent wrote it. */
  async open(permissionId: PermissionId, title: string, written: string): Promise<void> {
    const known = this.#plans.get(permissionId) ?? {
      permissionId,
      path: `/${fileName(title, 'Plan')}.md`,
      text: written,
    };
    if (!this.#plans.has(permissionId)) {
      this.#plans.set(permissionId, known);
      this.#files.put(this.#uriOf(known), written);
      this.#writeSoon();
    }
    await vscode.window.showTextDocument(this.#uriOf(known), { preview: false });
  }

  /** The plan was answered, or asks no more: its document is closed, and nothing of it is kept. */
  async close(permissionId: PermissionId): Promise<void> {
    const known = this.#plans.get(permissionId);
    if (!known) return;
    const uri = this.#uriOf(known);
    // What is unsaved stands in the answer already; saved, its tab closes without a question.
    await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.save();
    await vscode.window.tabGroups.close(tabsOf(uri), true);
    this.#plans.delete(permissionId);
    this.#files.remove(uri);
    this.#writeSoon();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #changed(document: vscode.TextDocument): void {
    const known = document.uri.scheme === this.#scheme ? this.#plans.get(document.uri.authority) : undefined;
    if (!known) return;
    const text = document.getText().replace(/\r\n/g, '\n');
    if (text === known.text) return;
    this.#plans.set(known.permissionId, { ...known, text });
    this.#writeSoon();
    this.#ports.onChange();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => this.#write(), writeDelayMs);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const oldest of [...this.#plans.keys()].slice(0, -keptPlans)) this.#plans.delete(oldest);
    const failed = (error: unknown): void => this.#ports.reportError('A plan could not be kept', error);
    this.#ports.memento.update(key, [...this.#plans.values()]).then(undefined, failed);
  }

  #uriOf({ permissionId, path }: Plan): vscode.Uri {
    // The id stands in the authority: titles show the path, and that is for people.
    return vscode.Uri.from({ scheme: this.#scheme, authority: permissionId, path });
  }
}
