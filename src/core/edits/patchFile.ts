import { ToolError } from '../errors';

/** What a patch wants of one file. Paths are as the model wrote them. */
export type PatchFile =
  | { readonly kind: 'add'; readonly path: string; readonly text: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'update'; readonly path: string; readonly moveTo?: string; readonly hunks: readonly PatchHunk[] };

/** Lines that follow each other in the file, before and after. */
export interface PatchHunk {
  /** Lines above it that narrow the place: `@@ class Ledger`. */
  readonly anchors: readonly string[];
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** It is the end of the file. */
  readonly endsFile: boolean;
  /** What happens to the line end of the file's last line. Undefined: it stays as the file has it. */
  readonly finalLineEnd?: 'add' | 'remove';
}

export function badPatch(message: string): ToolError {
  return new ToolError('invalid_arguments', message, {
    advice:
      'Send it as "*** Begin Patch", then "*** Update File: path", "@@" and lines that start with a space, - or +, and "*** End Patch" at last.',
    retryable: true,
  });
}
