import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { SqlEngine } from '../../src/core/store/sqlDatabase';
import { MemoryStore } from '../../src/core/store/memoryStore';
import { sessionStoreOf } from '../../src/core/store/sessionStoreOf';
import type { SessionStore } from '../../src/core/store/store';
import type { SessionFormat } from '../../src/node/sessionFormat';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../src/node/store/jsonLog';
import { sqliteFormat } from '../../src/node/store/sqliteLog';
import { WholeOwnStore } from '../support/ownStore';
import { formatBench, storeBench, type LeasedBench, type SessionBench } from '../support/sessionBench';
import { sessionDiffer } from '../support/sessionDiffer';
import { lostLeaseContract, sessionLogContract } from '../support/sessionLogContract';
import { sessionStoreContract } from '../support/sessionStoreContract';
import { useTempFolder } from '../support/tempFolder';

describe('every store', () => {
  const folder = useTempFolder();
  let engine: SqlEngine;
  before(async () => {
    engine = await loadSqlJs(tmpdir());
  });
  const formats: Readonly<Record<string, () => SessionFormat>> = {
    json: () => jsonFormat(),
    sqlite: () => sqliteFormat(engine),
  };
  const overFiles = (format: () => SessionFormat) => (): SessionStore =>
    new FileSessionStore({ dir: folder.path, format: format() });
  const stores: Readonly<Record<string, () => SessionStore>> = {
    memory: () => new MemoryStore(),
    "a user's own": () => sessionStoreOf(new WholeOwnStore()),
    ...Object.fromEntries(Object.entries(formats).map(([name, format]) => [`files, ${name}`, overFiles(format)])),
  };

  /** The suites over one session; what `benchOf` makes is another session for every name. */
  const eachSession = (benchOf: (name: string) => SessionBench): void => {
    sessionLogContract(oneForEachTest(benchOf));
    sessionDiffer(benchOf);
  };
  const folderOf = (name: string): string => {
    const made = path.join(folder.path, name);
    mkdirSync(made, { recursive: true });
    return made;
  };

  for (const [name, store] of Object.entries(stores))
    describe(name, () => {
      sessionStoreContract(store, { hasTrash: name !== "a user's own" });
      describe('its sessions', () => eachSession((part) => storeBench(store(), part)));
    });
  for (const [name, format] of Object.entries(formats))
    describe(`the history in ${name} alone`, () => {
      const benchOf = (part: string): LeasedBench => formatBench(format(), folderOf(part));
      eachSession(benchOf);
      lostLeaseContract(oneForEachTest(benchOf));
    });
});

function oneForEachTest<Bench>(benchOf: (name: string) => Bench): () => Bench {
  let bench: Bench;
  beforeEach(() => {
    bench = benchOf('agt-bench');
  });
  return () => bench;
}
