/** A folder that the agent works in. */
export interface WorkspaceRoot {
  /** Unique among the roots; the first part of a path when there are several. */
  readonly name: string;
  /** Absolute, as the user opened it. */
  readonly path: string;
}

declare const resolved: unique symbol;
/** An absolute path that `SandboxFiles.resolve` has checked to lie inside a root, through symlinks too. */
export type WorkspacePath = string & { readonly [resolved]: true };

export interface ResolvedPath {
  readonly path: WorkspacePath;
  /** For people and for the model: relative to its root, with `/`; prefixed by the root's name when there are several roots. */
  readonly display: string;
  readonly exists: boolean;
}

/** Text as it is edited, with what is needed to write the same bytes again. */
export interface TextFile {
  /** Decoded, byte order mark removed, line ends as they are. */
  readonly text: string;
  readonly encoding: string;
  readonly hasBom: boolean;
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Reading inside the workspace. Every method checks its path again when it opens it. */
export interface SandboxFiles {
  /** Relative paths are taken from the root they name, else from the only root that has them, else from the first. @throws SandboxError, with the path, when it leaves the roots. */
  resolve(path: string, signal: AbortSignal): Promise<ResolvedPath>;
  stat(path: WorkspacePath, signal: AbortSignal): Promise<FileStat | undefined>;
  /** An open document's text where the host has one. @throws ToolError 'not_found' | 'not_a_file' | 'binary' | 'too_large' | 'unsupported_encoding'. */
  readText(path: WorkspacePath, signal: AbortSignal): Promise<TextFile>;
  /** Names in a folder with their kinds, sorted. */
  list(
    path: WorkspacePath,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]>;
}

/** One file's change, exact to the byte. `before` undefined: the file must not exist; `after` undefined: it is deleted. */
export interface FileChange {
  readonly path: WorkspacePath;
  readonly display: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface AppliedChange {
  readonly display: string;
  /** What stands in the file now: differs from the plan where the user changed the proposal before allowing it. */
  readonly after: string | undefined;
}

/** The one gate through which files change. */
export interface FileEdits {
  /** Shows a proposal that waits for a decision; `dispose` takes it away. Hosts without an editor show nothing. */
  propose(permissionId: string, changes: readonly FileChange[], reason: string): { dispose(): void };
  /**
   * Applies all changes or none.
   * @throws ToolError 'stale' when a file no longer holds `before`, 'already_exists', 'unsupported_encoding'.
   */
  apply(
    permissionId: string | undefined,
    changes: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<readonly AppliedChange[]>;
}

export interface CommandRequest {
  readonly command: string;
  readonly cwd: WorkspacePath;
  readonly timeoutMs: number;
  /** Called with cleaned output as it comes. */
  readonly onOutput: (text: string) => void;
}
export interface CommandResult {
  /** The exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly endedBy: 'exit' | 'signal' | 'timeout' | 'abort';
  /** Both streams as they came, escapes removed; the middle is left out beyond 64 KB and says so. */
  readonly output: string;
  readonly durationMs: number;
}
export interface BackgroundCommand {
  readonly id: string;
  readonly command: string;
  readonly status: 'running' | 'exited';
  readonly code: number | undefined;
  /** What came since the last look, at most the last 64 KB. */
  readonly output: string;
}

/** Running commands. Whatever is started is ended with the sandbox. */
export interface Commands {
  /** The shell that runs `command`, for the model: `bash`, `sh`, `PowerShell`. */
  readonly shell: string;
  /** Resolves when the command and its process group are gone. An abort ends them within 2 s and resolves with `endedBy: 'abort'`. */
  run(request: CommandRequest, signal: AbortSignal): Promise<CommandResult>;
  start(request: Omit<CommandRequest, 'timeoutMs'>): BackgroundCommand;
  logs(id: string): BackgroundCommand | undefined;
  /** Ends a background command with its process group; resolves when it is gone. */
  kill(id: string): Promise<BackgroundCommand | undefined>;
}

export interface GlobRequest {
  readonly pattern: string;
  readonly cwd: WorkspacePath | undefined;
  /** Whether `*` and `**` match names that begin with a dot. */
  readonly dot: boolean;
  readonly limit: number;
}
export interface GrepRequest {
  readonly pattern: string;
  readonly path: WorkspacePath | undefined;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  /** Restricts the files, for example `*.ts`. */
  readonly glob: string | undefined;
  readonly limit: number;
}
export interface GrepMatch {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The line, at most 200 characters of it. */
  readonly preview: string;
}
/** `truncated`: there is more than the limit. */
export interface Search {
  glob(
    request: GlobRequest,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }>;
  grep(
    request: GrepRequest,
    signal: AbortSignal,
  ): Promise<{ readonly matches: readonly GrepMatch[]; readonly truncated: boolean }>;
}

/** Where an agent's hands reach. */
export interface Sandbox {
  readonly kind: string;
  readonly roots: readonly WorkspaceRoot[];
  readonly files: SandboxFiles;
  readonly edits: FileEdits;
  readonly commands: Commands;
  readonly search: Search;
  dispose(): Promise<void>;
}
