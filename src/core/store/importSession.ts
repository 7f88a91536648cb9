import { sealedCall, sealEvents, sealing, unansweredCalls } from '../agent/cutOff';
import { isAgentError, StoreError, type AgentError } from '../errors';
import type { AgentEvent, Envelope } from '../protocol/events';
import { newAgentId, type AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import { reduce } from '../protocol/reduce';
import { isFinal, type ToolCallRecord } from '../protocol/toolCalls';
import { emptySessionView } from '../protocol/view';
import { checkAgentId } from './agentIds';
import { PairRepair } from './pairRepair';
import { badLine, LineSum, parseFileLine, type FileLine } from './sessionFile';
import type { AgentInfo, SessionLog, SessionStore, Snapshot } from './store';
import { textLines } from './textLines';

const sliceLength = 500;

/**
 * What of a file's info is taken over. Permissions, tools, limits, the model and the system prompt are not: a file may come from
 * anybody, and the session gets those of the host it is opened in.
 */
function trustedInfo(info: AgentInfo, agentId: AgentId): AgentInfo {
  const { templateId, templateVersion, createdAt, lineage, title, pinned, metadata } = info;
  return {
    ...{ agentId, templateId, createdAt },
    ...(templateVersion !== undefined && { templateVersion }),
    ...(lineage && { lineage }),
    ...(title !== undefined && { title }),
    ...(pinned !== undefined && { pinned }),
    ...(metadata && { metadata }),
  };
}

/** How `importSession` reads a file. */
export interface ImportOptions {
  /** Takes what comes before the first line that cannot be used, instead of refusing the file. Default false. */
  readonly partial?: boolean;
}

/** What `importSession` made of a file. */
export interface ImportResult {
  /** The session's own id, or a new one where that is taken. */
  readonly agentId: AgentId;
  readonly messageCount: number;
  /** What was wrong with the rest; undefined: the whole file was imported. */
  readonly problem: string | undefined;
}

/**
 * Makes a session of a file that `exportSession` made, given in pieces of any size. Resolves once it would survive a crash.
 * @throws StoreError 'damaged', naming the line, for a file that was cut off or changed, 'newer_version'; then nothing is left of it.
 */
export async function importSession(
  sessions: SessionStore,
  source: AsyncIterable<string> | Iterable<string>,
  { partial = false }: ImportOptions = {},
): Promise<ImportResult> {
  const lines = fileLines(source);
  try {
    const header = await lines.next();
    if (header.done || header.value.kind !== 'header')
      throw badLine(1, 'it is not the header of a session that Countersign has exported');
    const { agentId, log } = await openNew(sessions, checkAgentId(header.value.agentId));
    try {
      return await fill(agentId, log, lines, partial);
    } catch (error) {
      await log.close();
      await sessions.delete(agentId);
      throw error;
    }
  } finally {
    await lines.return();
  }
}

async function fill(
  agentId: AgentId,
  log: SessionLog,
  lines: AsyncIterator<FileLine, void>,
  partial: boolean,
): Promise<ImportResult> {
  const target = new ImportTarget(agentId, log);
  const problem = await importLines(lines, target);
  if (problem && !partial) throw problem;
  await target.finish();
  await log.close();
  return { agentId, messageCount: target.messageCount, problem: problem?.message };
}

/** Gives what is wrong with the file; what came before was taken. */
async function importLines(
  lines: AsyncIterator<FileLine, void>,
  target: ImportTarget,
): Promise<AgentError | undefined> {
  for (;;) {
    let line: FileLine;
    try {
      const next = await lines.next();
      if (next.done) return undefined;
      line = next.value;
      target.check(line);
    } catch (error) {
      if (isAgentError(error) && error.code === 'damaged') return error;
      throw error;
    }
    await target.take(line);
  }
}

/** The file's lines, looked at; complete only when the last one says so. */
async function* fileLines(source: AsyncIterable<string> | Iterable<string>): AsyncGenerator<FileLine, void> {
  const sum = new LineSum();
  let hasEnded = false;
  for await (const text of textLines(source)) {
    const place = sum.lines + 1;
    if (hasEnded) throw badLine(place + 1, 'the file should have ended before');
    const line = parseFileLine(text, place);
    if (line.kind === 'end') {
      if (line.lines !== sum.lines || line.crc !== sum.crc)
        throw badLine(
          place,
          `something before it was changed, added or taken away (${sum.lines} of ${line.lines} lines)`,
        );
      hasEnded = true;
      continue;
    }
    if ((line.kind === 'header') !== (place === 1)) throw badLine(place, `a ${line.kind} does not belong there`);
    sum.add(text);
    yield line;
  }
  if (!hasEnded) throw badLine(sum.lines + 1, 'the file ends there; it was cut off');
}

async function openNew(
  sessions: SessionStore,
  wanted: AgentId,
): Promise<{ readonly agentId: AgentId; readonly log: SessionLog }> {
  try {
    return { agentId: wanted, log: await sessions.open(wanted, 'create') };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
  }
  const agentId = newAgentId();
  return { agentId, log: await sessions.open(agentId, 'create') };
}

/** The session that is being filled, a slice per commit. */
class ImportTarget {
  readonly #agentId: AgentId;
  readonly #log: SessionLog;
  #messages: Message[] = [];
  #toolCalls: ToolCallRecord[] = [];
  #snapshots: Snapshot[] = [];
  #envelopes: Envelope[] = [];
  #lastMessage: Message | undefined;
  #queued: readonly Message[] = [];
  #wasWorking = false;
  readonly #sealed: AgentEvent[] = [];
  readonly #pairs = new PairRepair();
  #lastSeq = 0;
  /** What the panel would show: an event that it cannot take in is refused. */
  #view = emptySessionView('agt-import' as AgentId);
  #line = 1;
  messageCount = 0;

  constructor(agentId: AgentId, log: SessionLog) {
    this.#agentId = agentId;
    this.#log = log;
  }

  /** @throws StoreError 'damaged' for a line that does not fit to those before it. */
  check(line: FileLine): void {
    this.#line++;
    if (line.kind !== 'event') return;
    const { seq } = line.envelope.bookmark;
    if (seq <= this.#lastSeq) throw badLine(this.#line, `the event ${seq} comes after event ${this.#lastSeq}`);
    this.#lastSeq = seq;
    try {
      this.#view = reduce(this.#view, line.envelope);
    } catch (error) {
      throw badLine(this.#line, `the event ${JSON.stringify(line.envelope.event.type)} lacks what it needs`, error);
    }
  }

  async take(line: FileLine): Promise<void> {
    switch (line.kind) {
      case 'header':
      case 'end':
        return;
      case 'info':
        return this.#log.commit({ envelopes: [], info: trustedInfo(line.info, this.#agentId) });
      case 'state':
        this.#queued = line.queued;
        this.#wasWorking = line.turn !== undefined;
        return this.#log.commit({ envelopes: [], todos: line.todos, stepCount: line.stepCount });
      case 'message':
        for (const message of this.#pairs.next(line.message)) {
          this.messageCount++;
          this.#lastMessage = message;
          await this.#add(this.#messages, message);
        }
        return;
      case 'toolCall':
        return this.#add(this.#toolCalls, isFinal(line.toolCall.state) ? line.toolCall : this.#seal(line.toolCall));
      case 'snapshot':
        return this.#add(this.#snapshots, line.snapshot);
      case 'event':
        return this.#add(this.#envelopes, line.envelope);
    }
  }

  async finish(): Promise<void> {
    await this.#commit();
    const unanswered = await unansweredCalls(this.#lastMessage ? [this.#lastMessage] : [], this.#log, Date.now());
    const { messages, toolCalls, events } = sealing(unanswered, Date.now());
    this.messageCount += messages.length;
    await this.#log.commit({
      envelopes: this.#envelopesOf([...this.#sealed, ...events, ...this.#endOfTurn()]),
      messages,
      toolCalls,
    });
    await this.#log.barrier();
  }

  /** Nothing of a file goes on by itself: what was open is closed, what waited is dropped. */
  #endOfTurn(): readonly AgentEvent[] {
    const dropped = this.#queued.map(({ id }): AgentEvent => ({
      channel: 'progress',
      type: 'message_dropped',
      messageId: id,
    }));
    if (!this.#wasWorking) return dropped;
    return [
      ...dropped,
      { channel: 'progress', type: 'done', step: 0, reason: 'interrupted' },
      { channel: 'monitor', type: 'state_changed', state: 'READY' },
    ];
  }

  #seal(call: ToolCallRecord): ToolCallRecord {
    const sealed = sealedCall(call, Date.now());
    this.#sealed.push(...sealEvents(call, sealed));
    return sealed;
  }

  #envelopesOf(events: readonly AgentEvent[]): readonly Envelope[] {
    const timestamp = Date.now();
    return events.map((event) => {
      const seq = ++this.#lastSeq;
      return { cursor: seq, bookmark: { seq, timestamp }, event };
    });
  }

  async #add<T>(slice: T[], item: T): Promise<void> {
    slice.push(item);
    if (slice.length >= sliceLength) await this.#commit();
  }

  async #commit(): Promise<void> {
    const batch = {
      envelopes: this.#envelopes,
      messages: this.#messages,
      toolCalls: this.#toolCalls,
      snapshots: this.#snapshots,
    };
    [this.#envelopes, this.#messages, this.#toolCalls, this.#snapshots] = [[], [], [], []];
    await this.#log.commit(batch);
  }
}
