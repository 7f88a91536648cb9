import { strict as assert } from 'node:assert';
import {
  mkdirSync,
  mkdtempSync,
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import {
  commands,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
  type Tab,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { ToolError } from '../../src/core/errors';
import type { EditConsent, FileChange, SandboxFiles, WorkspacePath } from '../../src/core/sandbox/sandbox';
import { ProposalFiles } from '../../src/extension/review/proposalFiles';
import { Proposals } from '../../src/extension/review/proposals';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';

/** The extension under test has the schemes and context keys with its own name already. */
export const prefix = 'countersign-edits-test';
export const unheard = (): AbortSignal => new AbortController().signal;

/** The real files of a folder, as the sandbox gives them; encodings beyond UTF-8 are refused. */
export function plainFiles(): SandboxFiles {
  return {
    resolve: async (file) => ({ path: file as WorkspacePath, display: path.basename(file), exists: existsSync(file) }),
    stat: async (file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat && { kind: 'file', sizeBytes: stat.size, modifiedMs: stat.mtimeMs };
    },
    readText: async (file) => {
      const bytes = readFileSync(file);
      try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
        return { text, encoding: 'utf8', hasBom: bytes.subarray(0, 3).toString('hex') === 'efbbbf' };
      } catch (cause) {
        throw new ToolError('unsupported_encoding', `"${file}" is not UTF-8.`, { advice: 'Convert it.', cause });
      }
    },
    readStart: async (file, maxBytes) => readFileSync(file).subarray(0, maxBytes),
    readBytes: async (file) => ({ bytes: readFileSync(file) }),
    list: async () => [],
  };
}

export class EditsFixture {
  readonly folder: string;
  readonly problems: unknown[] = [];
  readonly files = new ProposalFiles(prefix);
  readonly proposals = new Proposals(this.files, (problem) => this.problems.push(problem), prefix);
  readonly edits = new WorkspaceEdits(this.proposals, plainFiles());
  #names = 0;

  constructor() {
    const parent = workspace.workspaceFolders?.[0]?.uri.fsPath ?? tmpdir();
    this.folder = realpathSync(mkdtempSync(path.join(parent, 'edits-')));
  }

  /** A path that no other test has used: the editor keeps documents for a while. */
  fresh(ending = '.txt'): string {
    return path.join(this.folder, `file${++this.#names}${ending}`);
  }

  write(bytes: string | Uint8Array, ending = '.txt'): string {
    const file = this.fresh(ending);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  }

  apply(file: string, before: string | undefined, after: string | undefined, permissionId?: string) {
    return this.edits.apply(consentOf(permissionId), [change(file, before, after)], unheard());
  }

  async propose(permissionId: string, ...changes: FileChange[]) {
    const proposal = this.edits.propose(permissionId, changes, '');
    await this.proposals.settled();
    return proposal;
  }

  diffTab(permissionId: string): Tab {
    const tab = diffTabs(permissionId)[0];
    assert.ok(tab, `no diff is open for ${permissionId}`);
    return tab;
  }

  /** The editor of the proposal's right side, brought to the front. */
  async rightEditor(permissionId: string): Promise<TextEditor> {
    await this.proposals.show(permissionId);
    return eventually('the right side is the active editor', () => {
      const editor = window.activeTextEditor;
      return editor?.document.uri.scheme === this.files.proposalScheme &&
        this.files.permissionIdOf(editor.document.uri) === permissionId
        ? editor
        : undefined;
    });
  }

  /** Leaves nothing open and nothing unsaved behind. */
  async reset(): Promise<void> {
    for (const { permissionId } of this.proposals.open) this.edits.propose(permissionId, [], '').dispose();
    await this.proposals.settled();
    for (const document of workspace.textDocuments.filter((open) => open.isDirty)) {
      // An unsaved document may pop up by itself at that very moment: then it is asked for once more.
      await window.showTextDocument(document).then(undefined, () => window.showTextDocument(document));
      await commands.executeCommand('workbench.action.files.revert');
    }
    await window.tabGroups.close(window.tabGroups.all.flatMap((group) => group.tabs));
    assert.deepEqual(this.problems, []);
  }

  async dispose(): Promise<void> {
    this.proposals.dispose();
    await this.proposals.settled();
    this.files.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Call within `describe`: a fixture for all of its tests, reset after each. @param take gets it before the first one */
export function useFixture<Fixture extends EditsFixture>(make: () => Fixture, take: (fixture: Fixture) => void): void {
  let fixture: Fixture;
  before(() => {
    fixture = make();
    take(fixture);
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());
}

function consentOf(permissionId: string | undefined): EditConsent {
  return permissionId === undefined ? { kind: 'unasked' } : { kind: 'approved', permissionId };
}

export function change(file: string, before: string | undefined, after: string | undefined): FileChange {
  return { path: file as WorkspacePath, display: path.basename(file), before, after };
}

export function diffTabs(permissionId: string): readonly Tab[] {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof TabInputTextDiff && input.modified.authority === permissionId);
}

/** The tabs with their places and marks, to be compared. */
export function tabSet(): readonly string[] {
  return window.tabGroups.all.flatMap((group) =>
    group.tabs.map(
      (tab) => `${group.viewColumn} ${tab.label}${tab.isActive ? ' active' : ''}${tab.isPreview ? ' preview' : ''}`,
    ),
  );
}

export async function showFile(file: string, preview = false): Promise<TextEditor> {
  return window.showTextDocument(Uri.file(file), { preview });
}

export function documentOf(file: string): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === Uri.file(file).toString());
}

export async function append(editor: TextEditor, text: string): Promise<void> {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  assert.ok(await editor.edit((builder) => builder.insert(end, text)));
}

export async function eventually<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const until = Date.now() + 5_000;
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    assert.ok(Date.now() < until, `not within 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function refusal(work: Promise<unknown>): Promise<ToolError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ToolError, `expected a ToolError, got ${String(error)}`);
  assert.notEqual(error.advice, '');
  return error;
}

export const textOn = (file: string): string => readFileSync(file, 'utf8');
export const hexOn = (file: string): string => readFileSync(file).toString('hex');
