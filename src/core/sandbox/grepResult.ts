/** What a search for text found. */
export interface GrepResult {
  readonly matches: readonly GrepMatch[];
  /** There is more than the limit. */
  readonly truncated: boolean;
  /** Files that were not looked into because they hold secrets, whatever is in them. Default 0. */
  readonly secretFiles?: number;
  /** Where the request asks for it. */
  readonly leftOut?: LeftOutFiles;
}

/** A line that holds what was looked for. */
export interface GrepMatch {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The line, at most 200 characters of it. */
  readonly preview: string;
}

/** Files that a search did not look into, as far as it came; with `ignored` also folders as a whole. */
export interface LeftOutFiles {
  readonly binary: number;
  readonly tooLarge: number;
  readonly unreadable: number;
  readonly ignored: number;
}
