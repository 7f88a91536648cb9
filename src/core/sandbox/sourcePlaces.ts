/** 1-based lines and columns (in UTF-16 units), as editors show them. */
export interface SourcePlace {
  /** As `display` of a path; absolute where it lies outside of the workspace. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** The line's text, at most 200 characters of it. Empty for files outside of the workspace and secret ones. */
  readonly preview: string;
}
/** How bad a problem is, worst first. */
export const severities = ['error', 'warning', 'information', 'hint'] as const;
/** How bad a problem is, as the editor says. */
export type Severity = (typeof severities)[number];
/** What a compiler or linter says of a place. */
export interface Problem extends Omit<SourcePlace, 'preview'> {
  readonly severity: Severity;
  readonly message: string;
  /** Who reports it, like `ts`. */
  readonly source?: string;
  readonly code?: string;
}
/** A function, class or the like, where it is declared. */
export interface SourceSymbol extends Omit<SourcePlace, 'preview'> {
  readonly name: string;
  /** In the editor's words: `function`, `class`, ... */
  readonly kind: string;
  /** The last line of the whole declaration, where the editor knows it. */
  readonly endLine?: number;
  readonly container?: string;
}
