import type { Salvaged } from '../core/store/salvage';
import type { SessionLog, SessionReader } from '../core/store/store';

/** What the folder's owner gives a format. */
export interface FormatPorts {
  /** Called right before each commit, after everything else that can fail. @throws StoreError 'conflict' when the lease was taken over. */
  readonly checkLease: () => void;
}

/** How a session's history is written into its folder: the part in which the stores on files differ. */
export interface SessionFormat {
  /** 'sqlite' or 'json': also the name in error texts. */
  readonly name: string;
  /** The files that belong to it in a session's folder, relative, existing or not: what a size, an export of the raw files or a salvage looks at. */
  readonly files: readonly string[];
  /** Opens the history in this existing folder for writing; the caller holds the lease. `close()` of the log marks a clean end. @throws StoreError 'damaged' | 'newer_version' | 'io'. */
  open(folder: string, mode: 'create' | 'existing', ports: FormatPorts): Promise<SessionLog>;
  /** Opens for reading beside a writer. */
  read(folder: string): Promise<SessionReader>;
  /** Reads what can still be read of a damaged history that nobody has open; nothing in the folder is changed. @throws StoreError 'newer_version' | 'damaged' when there is no file. */
  salvage(folder: string): Promise<Salvaged>;
}
