import type { AgentId, MessageId } from '../protocol/ids';
import type { Containment, RuleSubject } from '../protocol/toolCalls';
import type { GrepResult } from './grepResult';
import type { Problem, Severity, SourcePlace, SourceSymbol } from './sourcePlaces';
import type { Web } from './web';

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

/** Where a path leads. */
export interface ResolvedPath {
  readonly path: WorkspacePath;
  /** For people and for the model: relative to its root, with `/`; prefixed by the root's name when there are several roots. */
  readonly display: string;
  readonly exists: boolean;
  /** What speaks against touching it unasked, judged on the real path; absent: nothing. */
  readonly guarded?: GuardedPath;
}

/**
 * 'protected': settings, hooks, CI files and the like, that other programs execute or obey: changing one is asked every time,
 * whatever the mode. 'secret': key files and the like: reading one is asked every time too. `reason` is a sentence for people.
 */
export interface GuardedPath {
  readonly kind: 'protected' | 'secret';
  readonly reason: string;
}

/** Text as it is edited, with what is needed to write the same bytes again. */
export interface TextFile {
  /** Decoded, byte order mark removed, line ends as they are. */
  readonly text: string;
  readonly encoding: string;
  readonly hasBom: boolean;
}

/** A file as it stands on the disk. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  /** Its permission bits; absent where the file system has none, or does not tell. */
  readonly mode?: number;
}

/** What is known of a file without reading it. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Where an editor holds unsaved text, which `readText` gives: a number that changes with it. */
  readonly unsavedVersion?: number;
}

/** Reading inside the workspace. Every method checks its path again when it opens it. */
export interface SandboxFiles {
  /** Relative paths are taken from the root they name, else from the only root that has them, else from the first. @throws SandboxError, with the path, when it leaves the roots. */
  resolve(path: string, signal: AbortSignal): Promise<ResolvedPath>;
  stat(path: WorkspacePath, signal: AbortSignal): Promise<FileStat | undefined>;
  /** An open document's text where the host has one. @throws ToolError 'not_found' | 'not_a_file' | 'binary' | 'too_large' | 'unsupported_encoding'. */
  readText(path: WorkspacePath, signal: AbortSignal): Promise<TextFile>;
  /** The first bytes of a regular file as they are on disk, at most `maxBytes`, however large it is. @throws ToolError 'not_found' | 'not_a_file'. */
  readStart(path: WorkspacePath, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** A regular file as a whole: what an open document would save, where it holds unsaved text. @throws ToolError 'not_found' | 'not_a_file' | 'too_large' (10 MB), SandboxError 'raced'. */
  readBytes(path: WorkspacePath, signal: AbortSignal): Promise<FileBytes>;
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
  /** A new file that takes the place of this one, which the same changes delete: both are one renaming. */
  readonly movedFrom?: WorkspacePath;
  /** As `ResolvedPath.guarded` said: such a change is asked whatever the mode. */
  readonly guarded?: GuardedPath;
}

/** One file that goes back to what it was, exact to the byte. `before`: what it must hold now; undefined: there must be no file. `after` undefined: it is deleted. */
export interface FileRestore {
  readonly path: WorkspacePath;
  readonly display: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** The permission bits it had. Default: as they are; of a file that comes back those of a new one. */
  readonly mode?: number;
}

/** A change as it landed. */
export interface AppliedChange {
  readonly display: string;
  /** What stands in the file now: differs from the plan where the user changed the proposal before allowing it. */
  readonly after: string | undefined;
  /** What the user left of the proposal, before saving had its say. Absent: nobody was asked, or `after` is just that. */
  readonly approved?: { readonly text: string | undefined };
}

/** How it comes that a change may land. */
export type EditConsent =
  /** A person allowed it: what they left of the proposal lands. */
  | { readonly kind: 'approved'; readonly permissionId: string }
  /** Nobody was asked. */
  | { readonly kind: 'unasked' }
  /** Nobody was asked, and what lands waits to be reviewed where it stands. `turnId`: the message that started the turn. */
  | { readonly kind: 'pending'; readonly agentId: AgentId; readonly turnId: MessageId };

/** The one gate through which files change. */
export interface FileEdits {
  /** Shows a proposal that waits for a decision; `dispose` takes it away. Hosts without an editor show nothing. */
  propose(permissionId: string, changes: readonly FileChange[], reason: string): { dispose(): void };
  /**
   * Applies all changes or none.
   * @throws ToolError 'stale' when a file no longer holds `before`, 'already_exists', 'unsupported_encoding'.
   */
  apply(consent: EditConsent, changes: readonly FileChange[], signal: AbortSignal): Promise<readonly AppliedChange[]>;
  /**
   * Puts bytes back, past proposals and formatters: all files or none, never through a symbolic link. Open documents follow.
   * An abort is heard until the first file is touched.
   * @throws ToolError 'stale' when a file does not hold `before` or its editor has unsaved text, 'already_exists', 'failed';
   * SandboxError 'raced' when a path leads elsewhere by now.
   */
  restore(files: readonly FileRestore[], signal: AbortSignal): Promise<void>;
}

/** What the guard makes of a command line, before it runs. */
export type CommandJudgment =
  /** Proven, node by node, only to read what the agent may read. */
  | { readonly kind: 'harmless' }
  /** This sandbox is made to be thrown away: the mode alone decides. */
  | { readonly kind: 'unguarded' }
  | {
      readonly kind: 'ask';
      /** One sentence for each cause, for people: what in the line, and why it matters. At least one. */
      readonly reasons: readonly string[];
      /** What has to be allowed for the line to run unasked: each of its commands that is not harmless. Empty: cannot be remembered. */
      readonly rules: readonly RuleSubject[];
      /** It executes files of the workspace (tests, builds, scripts): what was edited and not reviewed would run. */
      readonly runsWorkspaceCode: boolean;
    };

/** A command line and how it is to run. */
export interface CommandRequest {
  readonly command: string;
  readonly cwd: WorkspacePath;
  /** Runs without the operating system's sandbox: only after a person allowed exactly that. Default false. */
  readonly outside?: boolean;
  /** It was judged harmless: it runs with an environment in which that holds. Default false. */
  readonly harmless?: boolean;
  readonly timeoutMs: number;
  /** Called with cleaned output as it comes. */
  readonly onOutput: (text: string) => void;
}
/** How a command ended. */
export interface CommandResult {
  /** The exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly endedBy: 'exit' | 'signal' | 'timeout' | 'abort';
  /** Both streams as they came, escapes removed; the middle is left out beyond 64 KB and says so. */
  readonly output: string;
  readonly durationMs: number;
  /** What the operating system's sandbox refused meanwhile, one sentence each, as far as it can be told. */
  readonly refused?: readonly string[];
}
/** A command that runs beside the agent. */
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
  /** Whether a command may run unasked. Starts nothing but git, to ask what it knows. What cannot be judged is asked. @throws SandboxError 'command_unavailable' where nothing ever runs. */
  judge(request: Pick<CommandRequest, 'command' | 'cwd'>, signal: AbortSignal): Promise<CommandJudgment>;
  /** What holds commands, tried out at first use. */
  containment(): Promise<Containment>;
  /** Resolves when the command and its process group are gone. An abort ends them within 2 s and resolves with `endedBy: 'abort'`. */
  run(request: CommandRequest, signal: AbortSignal): Promise<CommandResult>;
  /** Resolves once it runs. An abort before that keeps it from being started. @throws the signal's reason. */
  start(request: Omit<CommandRequest, 'timeoutMs'>, signal: AbortSignal): Promise<BackgroundCommand>;
  logs(id: string): BackgroundCommand | undefined;
  /** Ends a background command with its process group; resolves when it is gone. */
  kill(id: string): Promise<BackgroundCommand | undefined>;
}

/** Which names are looked for. */
export interface GlobRequest {
  readonly pattern: string;
  readonly cwd: WorkspacePath | undefined;
  /** Whether `*` and `**` match names that begin with a dot. */
  readonly dot: boolean;
  readonly limit: number;
}
/** Which text is looked for, and where. */
export interface GrepRequest {
  readonly pattern: string;
  readonly path: WorkspacePath | undefined;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  /** Restricts the files, for example `*.ts`. */
  readonly glob: string | undefined;
  readonly limit: number;
  /** Also counts what was left out, which takes a look at every file. Default false. */
  readonly countLeftOut?: boolean;
}
/** Both sort by path, folder by folder. `truncated`: there is more than the limit. */
export interface Search {
  glob(
    request: GlobRequest,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }>;
  /** @throws ToolError 'invalid_arguments' for a pattern that is none, 'timeout'; for a file given as `path` also 'binary' | 'too_large'. */
  grep(request: GrepRequest, signal: AbortSignal): Promise<GrepResult>;
}

/** Where a symbol stands in the text as `SandboxFiles.readText` gives it. */
export interface SymbolPlace {
  readonly path: WorkspacePath;
  readonly line: number;
  readonly column: number;
  readonly name: string;
}

/** Which problems are asked for; without a path, what is known of the whole workspace. */
export interface ProblemQuery {
  readonly path: WorkspacePath | undefined;
  /** What is less bad is left out. */
  readonly minSeverity: Severity;
  readonly limit: number;
}

/** The problems that come with a change: what is there now and was not before, worst first. Moved lines make no problem new. */
export interface ProblemWatch {
  /** Undefined when nothing has looked at the files. Waits 2 s at most, and not at all once the signal is aborted. @throws nothing. */
  added(signal: AbortSignal): Promise<readonly Problem[] | undefined>;
  dispose(): void;
}

/**
 * What an editor knows of the code. Lists come at most `limit` long; `truncated` says that there is more. Nothing of secret
 * files is told. What takes longer than 10 s throws ToolError 'timeout'.
 */
export interface LanguageFeatures {
  /** Worst first, then by place. */
  problems(
    query: ProblemQuery,
    signal: AbortSignal,
  ): Promise<{ readonly problems: readonly Problem[]; readonly truncated: boolean }>;
  /** Finds out the problems of these files as they are, in 1 s at most: call it before they are changed. @throws nothing. */
  watchProblems(paths: readonly WorkspacePath[], signal: AbortSignal): Promise<ProblemWatch>;
  /** Symbols of a file, those of the workspace whose name holds `query`, or both together. */
  symbols(
    where:
      { readonly path: WorkspacePath; readonly query?: string } | { readonly path?: undefined; readonly query: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly symbols: readonly SourceSymbol[]; readonly truncated: boolean }>;
  definition(symbol: SymbolPlace, signal: AbortSignal): Promise<readonly SourcePlace[]>;
  /** The declaration included. */
  references(
    symbol: SymbolPlace,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly places: readonly SourcePlace[]; readonly truncated: boolean }>;
  /** What renaming would change, exact to the byte; changes nothing. @throws ToolError where it cannot be renamed, or not as a change of these files' texts alone. */
  planRename(symbol: SymbolPlace, newName: string, signal: AbortSignal): Promise<readonly FileChange[]>;
}

/** Where an agent's hands reach. */
export interface Sandbox {
  readonly kind: string;
  readonly roots: readonly WorkspaceRoot[];
  readonly files: SandboxFiles;
  readonly edits: FileEdits;
  readonly commands: Commands;
  readonly search: Search;
  /** Absent: there is no editor. */
  readonly language?: LanguageFeatures;
  /** Absent: this sandbox has no way to the internet. */
  readonly web?: Web;
  dispose(): Promise<void>;
}
