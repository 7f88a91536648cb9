import type { AgentRuntimeState } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import type { ToolCallRecord, ToolCallState } from '../protocol/toolCalls';
import type { JsonObject } from '../util/json';

/** Part of a result. */
export interface Page {
  /** At most so many rows. Default 100. */
  readonly limit?: number;
  /** Rows to leave out at the beginning. Default 0. */
  readonly offset?: number;
}

/** Both ends included. Milliseconds since 1970. */
export interface TimeRange {
  readonly createdAfter?: number;
  readonly createdBefore?: number;
}

/** Which sessions are asked for. */
export interface SessionFilter extends Page, TimeRange {
  readonly agentId?: string;
  readonly templateId?: string;
  readonly state?: AgentRuntimeState;
  /** Default 'updatedAt'. */
  readonly sortBy?: 'createdAt' | 'updatedAt' | 'messageCount';
  /** Default 'desc'. */
  readonly sortOrder?: 'asc' | 'desc';
}

/** A session as a query gives it. */
export interface SessionRow {
  readonly agentId: AgentId;
  readonly templateId: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly messageCount: number;
  readonly state: AgentRuntimeState;
  readonly lineage: readonly AgentId[];
  readonly metadata: JsonObject;
}

/** Which messages are asked for. */
export interface MessageFilter extends Page, TimeRange {
  readonly agentId?: string;
  readonly role?: Message['role'];
  /** Messages with at least one such block. */
  readonly contentType?: ContentBlock['type'];
}

/** A message as a query gives it. */
export interface MessageRow {
  readonly agentId: AgentId;
  /** The message's place in its conversation, from 0. */
  readonly index: number;
  readonly message: Message;
}

/** Which tool calls are asked for. */
export interface ToolCallFilter extends Page, TimeRange {
  readonly agentId?: string;
  readonly toolName?: string;
  readonly state?: ToolCallState;
}

/** A tool call as a query gives it. */
export interface ToolCallRow {
  readonly agentId: AgentId;
  readonly call: ToolCallRecord;
}

/** Numbers over one agent or all of them. */
export interface AgentStats {
  readonly totalSessions: number;
  readonly totalMessages: number;
  readonly totalToolCalls: number;
  readonly totalSnapshots: number;
  /** 0 without sessions. */
  readonly avgMessagesPerSession: number;
  readonly toolCallsByName: Readonly<Record<string, number>>;
  readonly toolCallsByState: Readonly<Partial<Record<ToolCallState, number>>>;
}

/** Whether a store can be reached and written. */
export interface HealthReport {
  readonly healthy: boolean;
  /** `latencyMs` of one write and one read. */
  readonly database: { readonly connected: boolean; readonly latencyMs: number };
  readonly fileSystem: { readonly writable: boolean };
  readonly checkedAt: number;
  /** What is wrong and what to do about it, as sentences; empty when nothing is. */
  readonly problems: readonly string[];
}

/** Whether a session's history holds together. */
export interface ConsistencyReport {
  readonly consistent: boolean;
  /** Plain sentences, each with its place. At most 100; the last one then says how many there are. */
  readonly issues: readonly string[];
  readonly checkedAt: number;
}

/** What a store object has done since it was made. */
export interface StoreMetrics {
  /** How often, since the store object was made, by agents and by the documented names alike. A save is one commit. */
  readonly operations: {
    readonly saves: number;
    readonly loads: number;
    readonly queries: number;
    readonly deletes: number;
  };
  /** Of all operations, failed ones included; 0 before the first. */
  readonly performance: {
    readonly avgLatencyMs: number;
    readonly maxLatencyMs: number;
    readonly minLatencyMs: number;
  };
  readonly storage: {
    readonly totalAgents: number;
    readonly totalMessages: number;
    /** 0 where the store has no files. */
    readonly dbSizeBytes: number;
  };
  readonly collectedAt: number;
}
