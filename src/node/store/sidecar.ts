import { appendFile, readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { isAgentId, type AgentId } from '../../core/protocol/ids';
import { emptyMeta, nextMeta, searchLines, type SearchLine } from '../../core/store/meta';
import type { Batch, SessionMeta, SessionReader } from '../../core/store/store';
import { isJsonObject } from '../../core/util/json';
import { unlessFailing } from '../systemError';
import { replaceFile } from './durableFiles';

export const metaName = 'meta.json';
/** What people wrote and the agent answered, one SearchLine a line; a line that was cut off is passed over. */
export const textName = 'text.jsonl';

export interface SidecarPorts {
  readonly folder: string;
  /** False: somebody else keeps the sidecar now. */
  readonly holdsLease: () => boolean;
}

/** What is derived of a session beside its history, kept up to date by its writer; nothing here is waited for or synced. */
export class Sidecar {
  readonly #ports: SidecarPorts;
  #meta: SessionMeta;
  #written: SessionMeta | undefined;
  /** Not in the file yet: a write for each commit would be a quarter of what a step costs. */
  #lines: readonly SearchLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(meta: SessionMeta, ports: SidecarPorts) {
    this.#meta = meta;
    this.#ports = ports;
  }

  get meta(): SessionMeta {
    return this.#meta;
  }

  /** After the batch was committed. */
  add(batch: Batch): void {
    this.put(nextMeta(this.#meta, batch), searchLines(batch.messages ?? []));
  }

  put(meta: SessionMeta, lines: readonly SearchLine[]): void {
    this.#meta = meta;
    if (lines.length > 0) this.#lines = [...this.#lines, ...lines];
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#queue(() => this.#write());
    }, debounceMs);
    this.#timer.unref();
  }

  /** Resolves once the files say what is known. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue(() => this.#write());
    await this.#writing;
  }

  #queue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      if (this.#ports.holdsLease()) await work();
    });
  }

  /** The text first: what the entry counts stands in it. */
  async #write(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) await this.#appendText(lines);
    await this.#writeMeta();
  }

  async #writeMeta(): Promise<void> {
    const meta = this.#meta;
    if (meta === this.#written) return;
    const file = path.join(this.#ports.folder, metaName);
    await orRemoved(file, replaceFile(file, JSON.stringify(meta)));
    this.#written = meta;
  }

  async #appendText(lines: readonly SearchLine[]): Promise<void> {
    const file = path.join(this.#ports.folder, textName);
    // A line end first: the line before may have been cut off.
    const text = `\n${lines.map((line) => JSON.stringify(line)).join('\n')}`;
    await orRemoved(file, appendFile(file, text, { mode: 0o600 }));
  }
}

/** undefined: missing, cut off, or another session's. */
export async function readMeta(folder: string, agentId?: AgentId): Promise<SessionMeta | undefined> {
  const text = await unlessFailing(['ENOENT'], readFile(path.join(folder, metaName), 'utf8'));
  const meta = text === undefined ? undefined : parseMeta(text);
  return agentId !== undefined && meta?.agentId !== agentId ? undefined : meta;
}

/** undefined: cut off. */
export function parseMeta(text: string): SessionMeta | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMeta(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The entry as the history has it now, and the text that came since `known`; from nothing, all of it is read. */
export async function catchUp(
  known: SessionMeta,
  log: SessionReader,
): Promise<{ readonly meta: SessionMeta; readonly lines: readonly SearchLine[] }> {
  const state = await log.load();
  const from = Math.min(known.messageCount, state.messageCount);
  let meta = nextMeta(known, { envelopes: [], keepMessages: from, ...(state.info && { info: state.info }) });
  const lines: SearchLine[] = [];
  for (let at = from; at < state.messageCount; at += pageMessages) {
    const messages = await log.readMessages({ from: at, to: at + pageMessages });
    meta = nextMeta(meta, { envelopes: [], messages });
    lines.push(...searchLines(messages));
  }
  const since = { seq: known.lastSeq, timestamp: 0 };
  for await (const envelope of log.readEvents({ since, channels: ['control', 'monitor'] }))
    meta = nextMeta(meta, { envelopes: [envelope] });
  return { meta: { ...meta, lastSeq: state.lastSeq }, lines };
}

/** The list's entry of a history without a sidecar. */
export async function rebuiltMeta(agentId: AgentId, log: SessionReader): Promise<SessionMeta> {
  return (await catchUp(emptyMeta(agentId, 0), log)).meta;
}

const debounceMs = 250;
const pageMessages = 500;

/** A derived file that cannot be kept up to date goes: it is made again when it is missing, and never lies. */
async function orRemoved(file: string, work: Promise<void>): Promise<void> {
  const [result] = await Promise.allSettled([work]);
  // On a disk where that fails too, the next writer finds the old one; it is only behind.
  if (result.status === 'rejected') await Promise.allSettled([rm(file, { force: true })]);
}

function isMeta(value: unknown): value is SessionMeta {
  if (!isJsonObject(value)) return false;
  const { agentId, lineage, metadata } = value;
  const has = (type: 'string' | 'number' | 'boolean', names: readonly string[]): boolean =>
    names.every((name) => typeof value[name] === type);
  return (
    typeof agentId === 'string' &&
    isAgentId(agentId) &&
    Array.isArray(lineage) &&
    isJsonObject(metadata) &&
    has('string', ['templateId', 'title', 'state']) &&
    has('boolean', ['named', 'pinned']) &&
    has('number', ['createdAt', 'updatedAt', 'messageCount', 'lastSeq', 'openApprovals'])
  );
}
