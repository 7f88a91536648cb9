import { EndOfLine, type Uri, workspace, type TextDocument } from 'vscode';
import { ToolError } from '../core/errors';
import { decodeExactly, encodeExactly, readBytes } from './fileBytes';
import { fileUri } from './fileUri';
import { alreadyExists, stale, type Landing } from './landing';
import { lineEndsOf, withLineFeeds } from './lineEnds';
import { openDocumentsAt } from './openDocuments';

/** A clean document follows its file within 0.1 s as a rule. */
const followTimeoutMs = 2_000;

/** As `FileChange`; its path was checked by whoever asks. */
export interface LandingChange {
  readonly path: string;
  readonly display: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Checks a change against the disk and the editor, and decides how it lands. Changes nothing.
 * @throws ToolError 'stale' | 'already_exists' | 'unsupported_encoding' | 'not_a_file' | 'failed'.
 */
export async function planLanding(change: LandingChange, signal: AbortSignal): Promise<Landing> {
  const { before, after, display } = change;
  const documents = openDocumentsAt(change.path);
  const uri = documents[0]?.uri ?? fileUri(change.path);
  const bytes = await readBytes(uri, display);
  signal.throwIfAborted();
  if (isDirtyNotebook(uri)) throw unsaved(display);
  if (before === undefined) {
    if (bytes !== undefined) throw alreadyExists(display);
    if (documents.some((document) => document.isDirty)) throw unsaved(display);
    if (after === undefined) return { kind: 'nothing', uri, display };
    return { kind: 'create', uri, display, bytes: await encodeExactly(after, uri, display) };
  }
  if (bytes === undefined) throw stale(display, 'the file is gone');
  const document = documents[0] ?? (await openUnseen(uri, display));
  signal.throwIfAborted();
  if (after === undefined) {
    if (documents.some((other) => other.isDirty)) throw unsaved(display);
    if ((await decodeExactly(bytes, document.encoding, display)) !== before) throw stale(display);
    return { kind: 'delete', uri, display, bytes };
  }
  return planModify(document, bytes, { before, after, display }, signal);
}

async function planModify(
  document: TextDocument,
  bytes: Uint8Array,
  change: { readonly before: string; readonly after: string; readonly display: string },
  signal: AbortSignal,
): Promise<Landing> {
  const { before, after, display } = change;
  const { uri, encoding } = document;
  const onDisk = await decodeExactly(bytes, encoding, display);
  const editable = fitsDocument(onDisk) && fitsDocument(after) && keepsLineEnds(document, after);
  const afterBytes = await encodeExactly(after, encoding, display);
  signal.throwIfAborted();
  if (hasUnsavedText(document)) {
    // The user's unsaved text is never overwritten. Where the edit was planned on exactly this text it builds on it, and
    // saving lands what the user typed together with it: nothing is lost, and the old text is one undo away.
    if (!editable || document.getText() !== before) throw unsaved(display);
    if (before === after) return { kind: 'nothing', uri, display };
    return { kind: 'text', uri, display, before, after, bytes: afterBytes };
  }
  if (onDisk !== before) throw stale(display);
  if (before === after) return { kind: 'nothing', uri, display };
  if (editable && (await follows(document, before, signal)))
    return { kind: 'text', uri, display, before, after, bytes: afterBytes };
  if (hasUnsavedText(document)) throw unsaved(display);
  return { kind: 'bytes', uri, display, before: bytes, after: afterBytes };
}

/** Whether a document holds this text as it is: it has one line end, and takes a leading U+FEFF for a byte order mark. */
function fitsDocument(text: string): boolean {
  return lineEndsOf(text) !== 'mixed' && !text.startsWith('\uFEFF');
}

/** Whether the document's save writes the line ends that were planned. */
function keepsLineEnds(document: TextDocument, text: string): boolean {
  const ends = lineEndsOf(text);
  return ends === 'none' || ends === (document.eol === EndOfLine.CRLF ? 'crlf' : 'lf');
}

/** Waits until a clean document shows what is on disk; false when it does not in time. */
async function follows(document: TextDocument, text: string, signal: AbortSignal): Promise<boolean> {
  const shows = (): boolean => !document.isDirty && document.getText() === text;
  if (shows()) return true;
  if (withLineFeeds(document.getText()) === withLineFeeds(text)) return false;
  return new Promise((resolve) => {
    const finish = (): void => {
      subscription.dispose();
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve(shows());
    };
    const subscription = workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && shows()) finish();
    });
    const timer = setTimeout(finish, followTimeoutMs);
    signal.addEventListener('abort', finish, { once: true });
  });
}

/** Loads a document without a tab, for its encoding. */
async function openUnseen(uri: Uri, display: string): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(uri);
  } catch (cause) {
    throw new ToolError('failed', `"${display}" cannot be opened as text.`, {
      advice: 'Leave this file alone, or change it with a command.',
      cause,
    });
  }
}

/** A notebook's editor has the file, not a text document: it would refuse to save over an edit, or lose it. */
function isDirtyNotebook(uri: Uri): boolean {
  return workspace.notebookDocuments.some((one) => one.isDirty && one.uri.toString() === uri.toString());
}

/** A call, not a property: it can change during an await. */
function hasUnsavedText(document: TextDocument): boolean {
  return document.isDirty;
}

function unsaved(display: string): ToolError {
  return stale(display, 'its editor holds unsaved text that the edit does not know');
}
