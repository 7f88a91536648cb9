import type { StoreMetrics } from './reports';
import type { SessionLog, SessionReader } from './store';

export type OperationKind = keyof StoreMetrics['operations'];

/** Counts what is done with a store, and how long it takes. */
export class OperationMeter {
  readonly #counts: Record<OperationKind, number> = { saves: 0, loads: 0, queries: 0, deletes: 0 };
  #totalMs = 0;
  #maxMs = 0;
  #minMs = Infinity;

  async measure<T>(kind: OperationKind, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.count(kind, performance.now() - startedAt);
    }
  }

  count(kind: OperationKind, tookMs: number): void {
    this.#counts[kind]++;
    this.#totalMs += tookMs;
    this.#maxMs = Math.max(this.#maxMs, tookMs);
    this.#minMs = Math.min(this.#minMs, tookMs);
  }

  read(): Pick<StoreMetrics, 'operations' | 'performance'> {
    const { saves, loads, queries, deletes } = this.#counts;
    const total = saves + loads + queries + deletes;
    return {
      operations: { saves, loads, queries, deletes },
      performance: {
        avgLatencyMs: total === 0 ? 0 : this.#totalMs / total,
        maxLatencyMs: this.#maxMs,
        minLatencyMs: total === 0 ? 0 : this.#minMs,
      },
    };
  }
}

/** The same reader, with every read counted. */
export function countedReader(reader: SessionReader, meter: OperationMeter): SessionReader {
  return {
    load: () => meter.measure('loads', () => reader.load()),
    readMessages: (range) => meter.measure('loads', () => reader.readMessages(range)),
    readToolCalls: (ids) => meter.measure('loads', () => reader.readToolCalls(ids)),
    readSnapshots: () => meter.measure('loads', () => reader.readSnapshots()),
    readRecords: (kind) => meter.measure('loads', () => reader.readRecords(kind)),
    readEvents: (opts) => {
      meter.count('loads', 0); // How long it takes is up to whoever reads.
      return reader.readEvents(opts);
    },
    version: () => reader.version(),
    close: () => reader.close(),
  };
}

/** The same log, with every commit and read counted. */
export function countedLog(log: SessionLog, meter: OperationMeter): SessionLog {
  return {
    ...countedReader(log, meter),
    ...(log.durability && { durability: log.durability }),
    commit: (batch) => meter.measure('saves', () => log.commit(batch)),
    barrier: () => log.barrier(),
  };
}
