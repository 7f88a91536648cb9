import * as z from 'zod/mini';
import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { crc32 } from '../util/crc32';
import type { AgentInfo, Snapshot, StoredTurn } from './store';

/**
 * A session as one file of JSON lines, UTF-8: a header, then `info` and `state` once, then messages, tool calls, snapshots and events in
 * their order, each a line of its own, and `end`. Without `end` the file was cut off.
 */
export type FileLine =
  | {
      readonly kind: 'header';
      readonly format: typeof formatName;
      readonly version: number;
      readonly agentId: AgentId;
      /** Milliseconds since 1970. */
      readonly exportedAt: number;
    }
  | { readonly kind: 'info'; readonly info: AgentInfo }
  | {
      readonly kind: 'state';
      readonly todos: readonly TodoItem[];
      readonly queued: readonly Message[];
      readonly stepCount: number;
      readonly turn?: StoredTurn;
    }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'toolCall'; readonly toolCall: ToolCallRecord }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'event'; readonly envelope: Envelope }
  /** `lines`: how many stand before this one. `crc`: of these, see `LineSum`. */
  | { readonly kind: 'end'; readonly lines: number; readonly crc: number };

export const formatName = 'countersign-session';
export const formatVersion = 1;

/** The sum over a file's lines: each time the CRC-32 of the sum so far as decimal text, a colon and the line without its end. */
export class LineSum {
  #crc = 0;
  #lines = 0;

  add(line: string): void {
    this.#crc = crc32(`${this.#crc}:${line}`);
    this.#lines++;
  }

  get lines(): number {
    return this.#lines;
  }

  get crc(): number {
    return this.#crc;
  }
}

/** @throws StoreError 'damaged', naming the line and what is wrong with it; 'newer_version'. */
export function parseFileLine(text: string, lineNumber: number): FileLine {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw badLine(lineNumber, `it is not JSON: ${preview(text)}`, error);
  }
  const parsed = fileLine.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw badLine(lineNumber, `${where === '' ? '' : `${where}: `}${issue?.message ?? 'unknown'} in ${preview(text)}`);
  }
  if (parsed.data.kind === 'header' && parsed.data.version > formatVersion)
    throw new StoreError('newer_version', `The file is of version ${parsed.data.version}.`, {
      advice: `This Countersign reads up to version ${formatVersion}; update it.`,
    });
  // What was looked at is the frame of each value; the inner fields of events and tool inputs are any JSON.
  return raw as FileLine;
}

export function badLine(lineNumber: number, problem: string, cause?: unknown): StoreError {
  return new StoreError('damaged', `Line ${lineNumber} of the session file cannot be used: ${problem}.`, {
    advice: 'Export the session again, or import what comes before that line with `{partial: true}`.',
    cause,
  });
}

const text = z.string().check(z.minLength(1), z.maxLength(200));
const count = z.int().check(z.minimum(0));
const time = z.number();
const object = z.looseObject({});
const message = z.looseObject({
  id: text,
  role: z.enum(['user', 'assistant', 'system']),
  createdAt: time,
  content: z.array(
    z.discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text'), text: z.string() }),
      z.looseObject({ type: z.literal('reasoning'), reasoning: z.string() }),
      z.looseObject({ type: z.literal('image'), mimeType: z.string(), base64: z.string() }),
      z.looseObject({ type: z.enum(['audio', 'video']), mimeType: z.string(), base64: z.string() }),
      z.looseObject({ type: z.literal('file'), mimeType: z.string(), base64: z.string() }),
      z.looseObject({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.json() }),
      z.looseObject({
        type: z.literal('tool_result'),
        tool_use_id: z.string(),
        content: z.looseObject({ ok: z.boolean() }),
        is_error: z.boolean(),
      }),
    ]),
  ),
});
const callState = z.enum([
  ...(['PENDING', 'APPROVAL_REQUIRED', 'APPROVED', 'EXECUTING'] as const),
  ...(['COMPLETED', 'FAILED', 'DENIED', 'SEALED'] as const),
]);
const todo = z.looseObject({
  ...{ id: z.string(), title: z.string(), createdAt: time, updatedAt: time },
  status: z.enum(['pending', 'in_progress', 'completed']),
});
const fileLine = z.discriminatedUnion('kind', [
  z.looseObject({
    ...{ kind: z.literal('header'), format: z.literal(formatName), version: count },
    ...{ agentId: text, exportedAt: time },
  }),
  z.looseObject({
    kind: z.literal('info'),
    info: z.looseObject({
      ...{ agentId: text, templateId: z.string(), createdAt: time },
      templateVersion: z.exactOptional(z.string()),
      title: z.exactOptional(z.string().check(z.maxLength(1_000))),
      pinned: z.exactOptional(z.boolean()),
      lineage: z.exactOptional(z.array(text)),
      metadata: z.exactOptional(object),
    }),
  }),
  z.looseObject({
    ...{ kind: z.literal('state'), todos: z.array(todo), queued: z.array(message), stepCount: count },
    turn: z.exactOptional(z.looseObject({ messageId: text, startedAt: time })),
  }),
  z.looseObject({ kind: z.literal('message'), message }),
  z.looseObject({
    kind: z.literal('toolCall'),
    toolCall: z.looseObject({
      ...{ id: z.string(), name: z.string(), input: z.json(), state: callState, createdAt: time, updatedAt: time },
      approval: z.looseObject({ required: z.boolean() }),
      auditTrail: z.array(object),
    }),
  }),
  z.looseObject({
    kind: z.literal('snapshot'),
    snapshot: z.looseObject({ id: z.string(), messageCount: count, seq: count, createdAt: time }),
  }),
  z.looseObject({
    kind: z.literal('event'),
    envelope: z.looseObject({
      cursor: count,
      bookmark: z.looseObject({ seq: z.int().check(z.minimum(1)), timestamp: time }),
      event: z.looseObject({ channel: z.enum(['progress', 'control', 'monitor']), type: z.string() }),
    }),
  }),
  z.looseObject({ kind: z.literal('end'), lines: count, crc: count }),
]);

function preview(line: string): string {
  return JSON.stringify(line.length > 100 ? `${line.slice(0, 100)}…` : line);
}
