import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import { checkRising } from '../../core/store/risingSeq';
import type { Batch, SessionLog } from '../../core/store/store';
import type { FormatPorts, SessionFormat } from '../sessionFormat';
import { GroupCommit } from '../sqlJs/groupCommit';
import { systemCodeOf } from '../systemError';
import { openHistoryFile, syncFolder, type HistoryFile, type OpenHistoryFile } from './historyFile';
import { encodeEntry, jsonVersion, type JsonEntry } from './jsonEntry';
import { closedError, JsonReader } from './jsonReader';
import { checkBegun } from './jsonScan';
import { salvageJson } from './salvageJson';
import { storeFailure } from './storeFailure';

export const jsonFileName = 'history.jsonl';

/** Histories as JSON lines, one for each commit: for people who read them with tools of their own. `openFile` stands for the disk. */
export function jsonFormat(openFile: OpenHistoryFile = openHistoryFile): SessionFormat {
  return {
    name: 'json',
    files: [jsonFileName],
    async open(folder, mode, ports) {
      const name = path.join(folder, jsonFileName);
      const file = await openFile(name, mode).catch(refuseToOpen(name));
      const log = new JsonLog(file, name, ports);
      await closeOnFailure(file, log.begin(mode));
      return log;
    },
    async read(folder) {
      const name = path.join(folder, jsonFileName);
      const file = await openFile(name, 'read').catch(refuseToOpen(name));
      const reader = new JsonReader(file, name);
      await closeOnFailure(file, reader.begin());
      return reader;
    },
    async salvage(folder) {
      const name = path.join(folder, jsonFileName);
      const file = await openFile(name, 'read').catch(refuseToOpen(name));
      try {
        return await salvageJson(file, name);
      } catch (error) {
        throw storeFailure(error, `Reading ${name}`);
      } finally {
        await file.close();
      }
    },
  };
}

/** Appends to a history in JSON lines. After a write or a flush that failed nothing more is written. */
class JsonLog extends JsonReader implements SessionLog {
  readonly #ports: FormatPorts;
  readonly #flushes = new GroupCommit(() => this.#sync());
  #synced = 0;
  #failure: StoreError | undefined;
  #closing: Promise<void> | undefined;
  #isBegun = false;

  constructor(file: HistoryFile, name: string, ports: FormatPorts) {
    super(file, name);
    this.#ports = ports;
  }

  /** Reads what is there, cuts off what a crash left of a last line, and writes the first line of a new file. */
  override async begin(mode: 'create' | 'existing' = 'existing'): Promise<void> {
    await this.refresh();
    this.#isBegun = true;
    if (mode === 'existing') checkBegun(this.index, this.name);
    const { size } = await this.using(() => this.file.stat());
    await this.#writing(() => {
      if (size > this.index.end) this.file.cut(this.index.end);
    });
    if (this.index.lines === 0) await this.#append({ kind: 'head', version: jsonVersion, synced: 0 });
    await this.#flushes.flush();
    if (mode === 'create') await this.#writing(() => syncFolder(path.dirname(this.name)));
  }

  /** Nobody else writes: from its beginning on the index knows more than a look at the file, which an append may overtake. */
  protected override async refresh(): Promise<void> {
    if (!this.#isBegun) await super.refresh();
    else this.checkOpen();
  }

  async commit(batch: Batch): Promise<void> {
    this.#checkWritable();
    checkRising(batch.envelopes, this.index.lastSeq);
    const revision = this.index.revisionOf(batch);
    await this.#append({ kind: 'batch', synced: this.#synced, revision, batch });
  }

  async barrier(): Promise<void> {
    this.#checkWritable();
    if (this.#synced < this.index.end) await this.#flushes.flush();
  }

  override close(): Promise<void> {
    this.#closing ??= this.#markEnd().finally(() => super.close());
    return this.#closing;
  }

  protected override checkOpen(): void {
    super.checkOpen();
    if (!this.#failure) return;
    const { message, advice } = this.#failure;
    throw new StoreError('io', `${message} Nothing was written after that.`, { advice, cause: this.#failure });
  }

  /** Nothing may come after the line that marks the end. */
  #checkWritable(): void {
    this.checkOpen();
    if (this.#closing) throw closedError(this.name);
  }

  async #markEnd(): Promise<void> {
    if (this.#failure || this.index.closedCleanly) return;
    await this.#flushes.flush();
    try {
      await this.#append({ kind: 'end', synced: this.#synced });
    } catch (error) {
      if (error instanceof StoreError && error.code === 'conflict') return; // The end is another writer's to mark.
      throw error;
    }
    await this.#flushes.flush();
  }

  async #append(entry: JsonEntry): Promise<void> {
    const line = encodeEntry(entry);
    this.#ports.checkLease();
    await this.#writing(() => {
      this.file.append(line, this.index.end);
    });
    this.index.take(entry, line.length);
  }

  async #sync(): Promise<void> {
    const { end } = this.index;
    await this.#writing(() => this.file.sync());
    this.#synced = end;
  }

  /** After a failure nobody can say what the file holds: the next opening looks. */
  async #writing(work: () => void | Promise<void>): Promise<void> {
    this.checkOpen();
    try {
      await work();
    } catch (error) {
      this.#failure = storeFailure(error, `Writing ${this.name}`);
      throw this.#failure;
    }
  }
}

function refuseToOpen(name: string): (error: unknown) => never {
  return (error) => {
    if (systemCodeOf(error) !== 'ENOENT') throw storeFailure(error, `Opening ${name}`);
    throw new StoreError('damaged', `${name} is missing.`, { advice: 'Bring it back from a backup.', cause: error });
  };
}

async function closeOnFailure(file: HistoryFile, begun: Promise<void>): Promise<void> {
  try {
    await begun;
  } catch (error) {
    await file.close();
    throw error;
  }
}
