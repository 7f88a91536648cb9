import { EndOfLine, type Position, type TextDocument, type TextEdit, type Uri, type WorkspaceEdit } from 'vscode';
import { ToolError } from '../../core/errors';
import type { FileChange, ResolvedPath, SandboxFiles } from '../../core/sandbox/sandbox';
import { withLineFeeds } from '../lineEnds';
import { documentAt } from './editorDocuments';
import { Places } from './places';

const maxFiles = 100;

/**
 * A rename as exact texts before and after. All of it or nothing: an edit that reaches beyond the texts of files in the
 * workspace is refused, because it could neither be shown nor be applied whole.
 * @throws ToolError.
 */
export async function renamePlan(
  edit: WorkspaceEdit,
  files: SandboxFiles,
  signal: AbortSignal,
): Promise<readonly FileChange[]> {
  if (!isTextOnly(edit)) throw refused('It would also create, rename or delete files.');
  const entries = edit.entries().filter(([, edits]) => edits.length > 0);
  if (entries.length > maxFiles) throw refused(`It would change ${entries.length} files, more than ${maxFiles}.`);
  const places = new Places(files, signal);
  const byFile = new Map<string, { readonly file: ResolvedPath; readonly edits: TextEdit[] }>();
  for (const [uri, edits] of entries) {
    const file = await insideOf(uri, places);
    // The same file may be named by two addresses.
    const known = byFile.get(file.path);
    if (known) known.edits.push(...edits);
    else byFile.set(file.path, { file, edits: [...edits] });
  }
  const changes: FileChange[] = [];
  for (const { file, edits } of byFile.values()) changes.push(await changeOf(file, edits, files, signal));
  return changes;
}

/** `entries()` leaves out what is no text edit: only the editor's own list has it. Where that cannot be seen, the answer is no. */
function isTextOnly(edit: WorkspaceEdit): boolean {
  const all: unknown = Reflect.get(edit, '_edits');
  const texts = edit.entries().reduce((count, [, edits]) => count + edits.length, 0);
  return Array.isArray(all) && all.length === texts;
}

async function insideOf(uri: Uri, places: Places): Promise<ResolvedPath> {
  const named = await places.name(uri);
  if (named.kind === 'outside')
    throw refused(`It would change ${JSON.stringify(named.path)}, outside of the workspace.`);
  const { display, guarded } = named.file;
  if (guarded?.kind === 'secret') throw refused(`It would change ${JSON.stringify(display)}: ${guarded.reason}`);
  return named.file;
}

async function changeOf(
  { path, display, guarded }: ResolvedPath,
  edits: readonly TextEdit[],
  files: SandboxFiles,
  signal: AbortSignal,
): Promise<FileChange> {
  const { text: before } = await files.readText(path, signal);
  const document = await documentAt(path);
  if (withLineFeeds(document.getText()) !== withLineFeeds(before))
    throw new ToolError('stale', `The editor has another text of ${JSON.stringify(display)} than the disk.`, {
      advice: 'Try again in a moment.',
      retryable: true,
    });
  return { path, display, before, after: edited(before, edits, document, display), ...(guarded && { guarded }) };
}

/** Places are counted in the text's own lines: a document knows one line end, a file may have several. */
function edited(before: string, edits: readonly TextEdit[], document: TextDocument, display: string): string {
  const starts = lineStarts(before);
  const lineEnd = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
  const offset = ({ line, character }: Position): number => (starts[line] ?? before.length) + character;
  const splices = edits
    .map(({ range, newText }) => ({
      start: offset(document.validatePosition(range.start)),
      end: offset(document.validatePosition(range.end)),
      text: newText.replace(/\r\n|\r|\n/g, () => lineEnd),
    }))
    .sort((left, right) => left.start - right.start || left.end - right.end);
  let after = '';
  let at = 0;
  for (const { start, end, text } of splices) {
    if (start < at) throw refused(`Its edits of ${JSON.stringify(display)} overlap.`);
    after += before.slice(at, start) + text;
    at = end;
  }
  return after + before.slice(at);
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ 0: end, index }) => index + end.length)];
}

function refused(why: string): ToolError {
  return new ToolError('failed', `The rename was refused. ${why}`, {
    advice: 'Nothing was changed. Find the places with references, and change them with fs_multi_edit.',
  });
}
