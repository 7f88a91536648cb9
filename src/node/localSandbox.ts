import * as path from 'node:path';
import type {
  Commands,
  FileEdits,
  LanguageFeatures,
  Sandbox,
  SandboxFiles,
  Search,
  WorkspaceRoot,
} from '../core/sandbox/sandbox';
import type { Web } from '../core/sandbox/web';
import { LocalCommands, type LocalCommandsOptions } from './commands/localCommands';
import { LocalEdits } from './localEdits';
import { LocalFiles } from './localFiles';
import { PathBox } from './pathBox';
import type { RipgrepOption } from './search/fileFinder';
import { LocalSearch } from './search/localSearch';
import { LocalWeb, type LocalWebOptions } from './web/localWeb';

/** Which folders of this machine an agent works in, and how its commands run. */
export type LocalSandboxOptions = LocalCommandsOptions & {
  /** Further folders in which absolute paths are allowed. */
  readonly allowPaths?: readonly string[];
  /** False lifts the boundary of the folders. Default true. */
  readonly enforceBoundary?: boolean;
  /** Where a ripgrep may be that searches faster, for example VS Code's; false: none is used. Default: on PATH, outside of the workspace. */
  readonly ripgrep?: RipgrepOption;
  /** False: no way to the internet. Default: public addresses. */
  readonly web?: LocalWebOptions | false;
  /** Of files that are neither UTF-8 nor UTF-16: a label such as `windows-1252`, `gbk`, `shift_jis`. Default: they are refused. */
  readonly legacyEncoding?: string;
  /** Puts a host's own files around those on the disk: an editor reads from its buffers. */
  readonly files?: (local: SandboxFiles) => SandboxFiles;
  /** Puts a host's own edits in place of those on the disk. */
  readonly edits?: (local: FileEdits, files: SandboxFiles) => FileEdits;
  /** What an editor knows of the code, over the same files. Default: there is no editor. */
  readonly language?: (files: SandboxFiles) => LanguageFeatures;
} & (
    | { readonly roots: readonly WorkspaceRoot[]; readonly workDir?: undefined }
    /** One folder, named after itself. Default: the process's current folder. */
    | { readonly roots?: undefined; readonly workDir?: string }
  );

/** Folders and commands of this machine. Makes no process and touches no file until it is used. */
export class LocalSandbox implements Sandbox {
  readonly kind = 'local';
  readonly roots: readonly WorkspaceRoot[];
  readonly files: SandboxFiles;
  readonly edits: FileEdits;
  readonly search: Search;
  readonly web?: Web;
  readonly language?: LanguageFeatures;
  readonly #commands: LocalCommands;

  constructor(options: LocalSandboxOptions = {}) {
    this.roots = options.roots ?? [rootAt(options.workDir ?? process.cwd())];
    const { allowPaths, enforceBoundary, env, shell, unguarded, allowedHosts, containment, pool } = options;
    const box = new PathBox({
      roots: this.roots,
      ...(allowPaths && { allowPaths }),
      ...(enforceBoundary !== undefined && { enforceBoundary }),
    });
    const files = new LocalFiles(box, options.legacyEncoding);
    const edits = new LocalEdits(box, files);
    this.files = options.files?.(files) ?? files;
    this.edits = options.edits?.(edits, this.files) ?? edits;
    this.search = new LocalSearch(box, options.ripgrep);
    if (options.web !== false) this.web = new LocalWeb(options.web);
    if (options.language) this.language = options.language(this.files);
    this.#commands = new LocalCommands(box, {
      ...(env && { env }),
      ...(shell && { shell }),
      ...(unguarded !== undefined && { unguarded }),
      ...(allowedHosts && { allowedHosts }),
      ...(containment !== undefined && { containment }),
      ...(pool && { pool }),
    });
  }

  get commands(): Commands {
    return this.#commands;
  }

  /** Empty files and folders in the workspace that are there only while contained commands run, absolute. */
  standIns(): readonly string[] {
    return this.#commands.standIns();
  }

  dispose(): Promise<void> {
    return this.#commands.dispose();
  }
}

function rootAt(workDir: string): WorkspaceRoot {
  const folder = path.resolve(workDir);
  return { name: path.basename(folder) || folder, path: folder };
}
