import { setTimeout as pause } from 'node:timers/promises';
import { Range, type Uri, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { ToolError } from '../core/errors';
import { assertNever } from '../core/util/assertNever';
import { readBytes, sameBytes } from './fileBytes';
import { smallestEdit } from './smallestEdit';
import { closeStrayTabs, tabsOf } from './strayTabs';

/** How one file's change reaches the disk, decided by `planLanding`. */
export type Landing = { readonly display: string; readonly uri: Uri } & (
  | { readonly kind: 'nothing' }
  | { readonly kind: 'create'; readonly bytes: Uint8Array }
  | { readonly kind: 'delete'; readonly bytes: Uint8Array }
  /** Past the editor, whose save would change bytes that nobody edited. */
  | { readonly kind: 'bytes'; readonly before: Uint8Array; readonly after: Uint8Array }
  /** Through the file's document, so that the user can undo it there. `bytes`: what the save should leave on disk. */
  | { readonly kind: 'text'; readonly before: string; readonly after: string; readonly bytes: Uint8Array }
);

/** An unsaved document pops up as a tab after that time, which then takes a moment itself. */
const tabDelayMs = 2_000;
const tabOpensMs = 600;

export const staleAdvice = 'Read the file again and plan the edit from what it holds now.';

/** @throws ToolError; this file is then as it was, except where the message says so. */
export async function land(landing: Landing): Promise<void> {
  switch (landing.kind) {
    case 'nothing':
      return;
    case 'create':
      return createFile(landing.uri, landing.bytes, landing.display);
    case 'delete':
      return deleteFile(landing.uri, landing.bytes, landing.display);
    case 'bytes':
      return replaceBytes(landing.uri, landing.before, landing.after, landing.display);
    case 'text':
      return replaceText(landing.uri, landing.before, landing.after, landing.display);
    default:
      return assertNever(landing);
  }
}

/**
 * Brings back what stood there before `land`. A document that held unsaved text gets that text back, saved: the state of
 * the disk below it is gone by then, the user's text is what counts.
 * @throws ToolError when the file has changed again meanwhile: nothing is overwritten.
 */
export async function takeBack(landing: Landing): Promise<void> {
  switch (landing.kind) {
    case 'nothing':
      return;
    case 'create':
      return deleteFile(landing.uri, landing.bytes, landing.display);
    case 'delete':
      return createFile(landing.uri, landing.bytes, landing.display);
    case 'bytes':
      return replaceBytes(landing.uri, landing.after, landing.before, landing.display);
    case 'text':
      return replaceText(landing.uri, landing.after, landing.before, landing.display);
    default:
      return assertNever(landing);
  }
}

async function createFile(uri: Uri, bytes: Uint8Array, display: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.createFile(uri, { contents: bytes, overwrite: false });
  if (await workspace.applyEdit(edit)) return;
  if ((await readBytes(uri, display)) !== undefined) throw alreadyExists(display);
  throw new ToolError('failed', `"${display}" could not be created.`, {
    advice: 'Check that the parent is a folder that may be written to.',
  });
}

async function deleteFile(uri: Uri, bytes: Uint8Array, display: string): Promise<void> {
  if (!sameBytes(await readBytes(uri, display), bytes)) throw stale(display);
  const edit = new WorkspaceEdit();
  edit.deleteFile(uri, { ignoreIfNotExists: false, recursive: false });
  if (await workspace.applyEdit(edit)) return;
  throw new ToolError('failed', `"${display}" could not be deleted.`, {
    advice: 'Check that its folder may be written to.',
  });
}

async function replaceBytes(uri: Uri, before: Uint8Array, after: Uint8Array, display: string): Promise<void> {
  if (!sameBytes(await readBytes(uri, display), before)) throw stale(display);
  await workspace.fs.writeFile(uri, after);
}

async function replaceText(uri: Uri, before: string, after: string, display: string): Promise<void> {
  const tabs = tabsOf(uri);
  const document = await workspace.openTextDocument(uri);
  const startedAt = performance.now();
  if (!(await applyText(document, before, after))) throw stale(display);
  // Asked again: an unsaved document pops up as a tab after 2 s, and `workspace.save(uri)` only knows visible ones.
  if (await (await workspace.openTextDocument(uri)).save()) {
    // After a save that took long the tab may be on its way.
    if (performance.now() - startedAt > tabDelayMs * 0.7) await pause(tabOpensMs);
    await closeStrayTabs(uri, tabs);
    return;
  }
  const restored = await applyText(document, after, before);
  throw new ToolError(
    'failed',
    `"${display}" could not be saved: it may be read-only, or it changed on disk at that moment.`,
    {
      advice: restored
        ? 'The file on disk is untouched; its editor shows the text from before, marked as unsaved. Read the file again.'
        : 'The file on disk is untouched; its editor still holds the edit, unsaved. Ask the user to save or revert it.',
    },
  );
}

/** Compares and edits without a pause between; VS Code refuses the edit itself when the document changed under way. */
async function applyText(document: TextDocument, before: string, after: string): Promise<boolean> {
  if (document.getText() !== before) return false;
  const { start, end, text } = smallestEdit(before, after);
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), text);
  return workspace.applyEdit(edit);
}

export function stale(display: string, detail = 'it no longer holds the text that the edit was planned on'): ToolError {
  return new ToolError('stale', `"${display}" was not changed: ${detail}.`, { advice: staleAdvice });
}

export function alreadyExists(display: string): ToolError {
  return new ToolError('already_exists', `"${display}" was not created: there is such a file already.`, {
    advice: 'Read it and edit it, or choose another path.',
  });
}
