import { constants } from 'node:fs';
import { copyFile, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { isAgentError } from '../../core/errors';
import { salvagedFrom, type Salvaged } from '../../core/store/salvage';
import type { SqlEngine } from '../../core/store/sqlDatabase';
import { salvageSql } from '../../core/store/sqlSalvage';
import { migrate, sqlVersion } from '../../core/store/sqlSchema';
import { unlessFailing } from '../systemError';
import { errorText } from '../../core/util/errorText';

/**
 * Reads what can still be read of a database that nobody has open, from a copy: the file itself is left as it is. First
 * pages that are gone are made anew, because they are the same in every session: the header and where the tables begin.
 * @throws StoreError 'newer_version'.
 */
export async function salvageSqlite(engine: SqlEngine, file: string): Promise<Salvaged> {
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-salvage-'));
  try {
    const asItIs = await copyInto(folder, 'as-it-is.db', file);
    const first = readCopy(engine, asItIs);
    if ('salvaged' in first) return first.salvaged;
    const renewed = await copyInto(folder, 'renewed.db', file);
    await renewSchema(engine, renewed, path.join(folder, 'new.db'));
    const second = readCopy(engine, renewed);
    if (!('salvaged' in second)) return nothing(`${path.basename(file)}: all of it (${first.why})`);
    const { report, batches } = second.salvaged;
    return { batches, report: { ...report, lost: [`the first pages, made anew (${first.why})`, ...report.lost] } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Attempt = { readonly salvaged: Salvaged } | { readonly why: string };

function readCopy(engine: SqlEngine, copy: string): Attempt {
  try {
    const db = engine.open(copy, 'existing');
    try {
      sqlVersion(db, copy);
      return { salvaged: salvageSql(db) };
    } finally {
      db.close();
    }
  } catch (error) {
    if (isAgentError(error) && error.code === 'newer_version') throw error;
    return { why: errorText(error) };
  }
}

async function copyInto(folder: string, name: string, file: string): Promise<string> {
  const copy = path.join(folder, name);
  await unlessFailing(['ENOENT'], copyFile(file, copy));
  // What was committed last may stand in the log alone.
  await unlessFailing(['ENOENT'], copyFile(`${file}-wal`, `${copy}-wal`));
  return copy;
}

async function renewSchema(engine: SqlEngine, copy: string, template: string): Promise<void> {
  const made = engine.open(template, 'create');
  try {
    migrate(made, template);
  } finally {
    made.close();
  }
  const fresh = await readFile(template);
  const pageBytes = fresh.readUInt16BE(16);
  const handle = await open(copy, constants.O_RDWR | constants.O_CREAT);
  try {
    const { size } = await handle.stat();
    if (size < fresh.length) await handle.write(fresh, size, fresh.length - size, size);
    // The header says how many pages the file has.
    fresh.writeUInt32BE(Math.floor(Math.max(size, fresh.length) / pageBytes), 28);
    for (const page of schemaPages(fresh)) {
      const start = (page - 1) * pageBytes;
      await handle.write(fresh, start, pageBytes, start);
    }
  } finally {
    await handle.close();
  }
}

/**
 * The pages of the list of tables, which begins on the first one; https://www.sqlite.org/fileformat2.html#b_tree_pages: an
 * interior page (type 5) names its children at the start of each cell, and the last one in its header.
 */
function schemaPages(database: Buffer): readonly number[] {
  const header = 100;
  if (database[header] !== 5) return [1];
  const cells = database.readUInt16BE(header + 3);
  const starts = Array.from({ length: cells }, (_, cell) => database.readUInt16BE(header + 12 + 2 * cell));
  return [1, ...starts.map((start) => database.readUInt32BE(start)), database.readUInt32BE(header + 8)];
}

function nothing(lost: string): Salvaged {
  const none = { whole: {}, messages: [], envelopes: [], toolCalls: [], snapshots: [], records: [] };
  return salvagedFrom({ ...none, lost: [lost] });
}
