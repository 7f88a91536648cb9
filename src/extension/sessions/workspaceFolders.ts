import type { JsonObject } from '../../core/util/json';

/** The folders of a workspace by their URIs. What a session's metadata keeps under `workspace`. */
export type FolderUris = readonly string[];

/** What a new session keeps of where it was made. */
export function workspaceMetadata(folders: FolderUris): JsonObject {
  return { workspace: [...folders] };
}

/**
 * Whether a session can go on in a window with these folders: all of its own are open there. One that was made without a
 * folder belongs to windows without one.
 */
export function belongsTo(folders: FolderUris, metadata: JsonObject | undefined): boolean {
  const own = foldersOf(metadata);
  return own.length === 0 ? folders.length === 0 : own.every((uri) => folders.includes(uri));
}

/** The session's folders as people call them. */
export function folderNames(metadata: JsonObject | undefined): string {
  const names = foldersOf(metadata).map((uri) => decode(uri.replace(/\/+$/, '').split('/').at(-1) ?? uri));
  return names.length === 0 ? 'no folder' : names.join(', ');
}

function foldersOf(metadata: JsonObject | undefined): FolderUris {
  const value = metadata?.['workspace'];
  return Array.isArray(value) ? value.filter((uri) => typeof uri === 'string') : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
