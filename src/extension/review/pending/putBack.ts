import { chmod } from 'node:fs/promises';
import { EndOfLine, Range, Uri, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { SandboxError } from '../../../core/errors';
import { baseOf, nowOf, type Review } from '../../../core/edits/review';
import { realPathOf } from '../../../node/realPath';
import { encodeExactly } from '../../fileBytes';
import { land, stale, type Landing } from '../../landing';
import { planLanding } from '../../landingPlan';
import { withLineFeeds } from '../../lineEnds';
import { smallestEdit } from '../../smallestEdit';
import type { FileRecord } from './fileRecord';
import { documentOf } from './standingText';

/** What putting back leaves: the text that stands there then, nothing, or what stands there already. */
export type Taken =
  { readonly kind: 'text'; readonly review: Review } | { readonly kind: 'gone' } | { readonly kind: 'nothing' };

/** What is left of the file once `review` (with the rejected hunks gone) stands there. */
export function takenOf(record: FileRecord, review: Review): Taken {
  if (record.kind === 'deleted') return { kind: 'text', review };
  if (record.state === 'gone') return record.kind === 'created' ? { kind: 'nothing' } : { kind: 'text', review };
  // What the user has typed around the agent's lines of a new file stays.
  if (record.kind === 'created' && nowOf(review) === '') return { kind: 'gone' };
  return { kind: 'text', review };
}

/**
 * Brings a file to what `takenOf` says, through the same gate as every edit: undoable in the editor and saved, or byte for byte.
 * A document with unsaved text gets it in its buffer and stays unsaved: when to save is the user's.
 * @throws ToolError, SandboxError; the file is then as it was.
 */
export async function putBack(record: FileRecord, taken: Taken, signal: AbortSignal): Promise<void> {
  if (taken.kind === 'nothing') return;
  await checkPlace(record);
  const { path, display, original } = record;
  if (record.kind === 'deleted' || record.state === 'gone') {
    const uri = Uri.parse(record.address, true);
    const text = taken.kind === 'text' ? baseOf(taken.review) : '';
    const bytes = original
      ? Buffer.from(original.base64, 'base64')
      : await encodeExactly(text, record.encoding ?? uri, display);
    await land({ kind: 'create', uri, display, bytes: new Uint8Array(bytes) });
    if (original?.mode !== undefined && uri.scheme === 'file') await chmod(uri.fsPath, original.mode);
    return;
  }
  const document = documentOf(record) ?? (await openedAs(record));
  const before = nowOf(record.review);
  if (document?.isDirty === true && taken.kind === 'text')
    return putInBuffer(document, before, nowOf(taken.review), display);
  const after = taken.kind === 'text' ? nowOf(taken.review) : undefined;
  const landing: Landing = await planLanding({ path, display, before, after }, signal);
  await land(landing);
}

/** Where the file was, a link to somewhere else may stand by now. */
async function checkPlace({ path, address, display }: FileRecord): Promise<void> {
  if (Uri.parse(address, true).scheme !== 'file') return;
  const real = await realPathOf(path);
  if (real.path === path) return;
  throw new SandboxError('raced', `"${display}" now leads to "${real.path}"; nothing was changed.`, {
    advice: 'Put the file back to its place, then try again.',
  });
}

/** A file that the user had opened in an encoding of its own is opened so again. */
async function openedAs({ address, encoding }: FileRecord): Promise<TextDocument | undefined> {
  if (encoding === undefined) return undefined;
  return workspace.openTextDocument(Uri.parse(address, true), { encoding });
}

async function putInBuffer(document: TextDocument, before: string, after: string, display: string): Promise<void> {
  const shown = document.getText();
  if (withLineFeeds(shown) !== withLineFeeds(before)) throw stale(display, 'its editor holds other text by now');
  const feeds = withLineFeeds(after);
  const { start, end, text } = smallestEdit(
    shown,
    document.eol === EndOfLine.CRLF ? feeds.replace(/\n/g, '\r\n') : feeds,
  );
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), text);
  if (!(await workspace.applyEdit(edit))) throw stale(display, 'its editor refused the change');
}
