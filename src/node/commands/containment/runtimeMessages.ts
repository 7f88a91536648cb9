/** What the sandbox's own process is told when it starts. All paths are absolute. */
export interface RuntimeSettings {
  /** The folders that commands may change. */
  readonly roots: readonly string[];
  /** The private temporary folder that commands may change, too. */
  readonly temporary: string;
  /** Further files and folders that commands may not read. */
  readonly hidden: readonly string[];
  /** The helper that keeps commands from Unix sockets; absent: there is none for this processor. */
  readonly seccomp?: string;
}

export interface WrapRequest {
  /** Unguessable: what the network proxy knows this command by. */
  readonly key: string;
  readonly command: string;
  /** The shell's program. */
  readonly shell: string;
  readonly allowedHosts: readonly string[];
  /** Empty files and folders that stand in for protected ones while commands run. */
  readonly standIns: readonly string[];
  /** Further files that this command may not change, and not read. */
  readonly extra?: { readonly protect: readonly string[]; readonly hide: readonly string[] };
}

/** A protected path that is not there, or the topmost folder that it lacks. */
export interface MissingPath {
  readonly path: string;
  /** Something in it is protected. */
  readonly isFolder: boolean;
}

export interface WrappedCommand {
  /** For `/bin/sh -c`. */
  readonly command: string;
  /** Names that git must not take for new files meanwhile, as lines of an ignore file. */
  readonly ignored: readonly string[];
  /** Where secrets and protected files were not looked for, as the rest of a sentence; absent: nowhere. */
  readonly gap?: string;
}

/** One thing that was refused, or done and told afterwards. The text of a write comes from the command itself. */
export type Violation =
  | { readonly kind: 'made'; readonly sentence: string }
  | { readonly kind: 'network'; readonly host: string; readonly port: string }
  | { readonly kind: 'write'; readonly path: string };

export type RuntimeCall =
  | { readonly kind: 'open'; readonly settings: RuntimeSettings }
  /** Before each `wrap`: what needs a stand-in and is none of those that are there. */
  | { readonly kind: 'look'; readonly standIns: readonly string[] }
  | { readonly kind: 'wrap'; readonly request: WrapRequest }
  /** The command is over, or was never started. Answered with what was refused. */
  | { readonly kind: 'done'; readonly key: string };

export interface RuntimeQuestion {
  readonly id: number;
  readonly call: RuntimeCall;
}

export type RuntimeAnswer =
  | { readonly id: number; readonly kind: 'opened' }
  | { readonly id: number; readonly kind: 'missing'; readonly missing: readonly MissingPath[] }
  | { readonly id: number; readonly kind: 'wrapped'; readonly wrapped: WrappedCommand }
  | { readonly id: number; readonly kind: 'refusals'; readonly violations: readonly Violation[] }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
