import { Uri } from 'vscode';

/** The address of a sandbox's path: a file of this machine, or what a virtual workspace calls its paths. */
export function fileUri(path: string): Uri {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? Uri.parse(path, true) : Uri.file(path);
}
