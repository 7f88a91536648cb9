/** The package's public index: the runtime and its adapters for Node. Nothing inside imports it. */
export { Agent, type ResumeOrCreateOptions, type SendOptions } from './core/agent/agent';
export type { CompactionOutcome } from './core/agent/compactor';
export { AgentPool, PoolFullError, type AgentPoolOptions } from './core/agent/agentPool';
export type { ResumeOptions } from './core/agent/openAgent';
export { AgentBusyError, type ForkPoint } from './core/agent/fork';
export type { AgentConfig, AgentDependencies, AgentLimits } from './core/agent/config';
export type { Environment, EnvironmentSource, InstructionFile } from './core/agent/prompt';
export type { ReminderOptions } from './core/agent/reminders';
export type { AgentStatus, FlatProgress } from './core/agent/status';
export { AgentTemplateRegistry, type AgentTemplateDefinition } from './core/agent/template';
export type { TodoUpdate } from './core/agent/todoList';
export type { TodoConfig } from './core/agent/todoReminders';
export type { CompleteResult } from './core/agent/turnQueue';
export {
  AgentError,
  ConfigError,
  PermissionError,
  SandboxError,
  StoreError,
  ToolError,
  type ErrorFamily,
} from './core/errors';
export { FilePool, type AccessedFile, type FileFreshness } from './core/filePool/filePool';
export { costOf } from './core/model/cost';
export { demoModel } from './core/model/demo';
export {
  ModelError,
  type ModelCapabilities,
  type ModelChunk,
  type ModelProvider,
  type ModelRequest,
  type ToolDescription,
} from './core/model/provider';
export { scriptedModel, type ScriptedAnswer, type ScriptedOptions, type ScriptedTurn } from './core/model/scripted';
export { MemorySpending } from './core/model/memorySpending';
export type { Reserved, SpentCall, Spending } from './core/model/spending';
export { decide, type PermissionConfig } from './core/permission/policy';
export type { PermissionMode } from './core/protocol/modes';
export type * from './core/protocol/events';
export { newAgentId, type AgentId, type CallId, type MessageId, type PermissionId } from './core/protocol/ids';
export { textOf, type ContentBlock, type Message } from './core/protocol/messages';
export type { ModelChoice, ReasoningEffort } from './core/protocol/models';
export type { ReminderCategory, ReminderPriority } from './core/protocol/reminders';
export { reduce } from './core/protocol/reduce';
export type { TodoInput, TodoItem, TodoStatus } from './core/protocol/todos';
export type { ApprovalSubject, ToolCallRecord, ToolCallSnapshot, ToolCallState } from './core/protocol/toolCalls';
export {
  totalSpending,
  type Budget,
  type ModelPrice,
  type ModelSpending,
  type TokenUsage,
} from './core/protocol/usage';
export { emptySessionView, type SessionView, type TranscriptItem } from './core/protocol/view';
export type * from './core/sandbox/sandbox';
export { Scheduler, type SchedulerPorts, type StepTrigger, type TimeTrigger } from './core/schedule/scheduler';
export type { Timers } from './core/schedule/timers';
export { copySession } from './core/store/copySession';
export type * from './core/store/documentedStore';
export { exportSession } from './core/store/exportSession';
export { importSession, type ImportOptions, type ImportResult } from './core/store/importSession';
export { MemoryStore } from './core/store/memoryStore';
export { NamedStore, type NamedStorePorts } from './core/store/namedStore';
export type * from './core/store/reports';
export { SessionHeldError } from './core/store/sessionHeld';
export type * from './core/store/store';
export { defineTool } from './core/tools/defineTool';
export { ToolRegistry } from './core/tools/toolRegistry';
export { builtinTools } from './core/tools/tools';
export type { Effect, RunContext, Tool, ToolContext, ToolOutcome, ToolPlan, ToolServices } from './core/tools/tool';
export { nodeEnvironment, type NodeEnvironmentOptions } from './node/environment';
export { LocalSandbox } from './node/localSandbox';
export { modelFromEnvironment } from './node/models/environment';
export { modelVendors, type ModelVendor } from './node/models/modelVendors';
export { openModel } from './node/models/providers';
export {
  createStore,
  type JSONStoreConfig,
  type MemoryStoreConfig,
  type SqliteStoreConfig,
  type StoreConfig,
} from './node/store/createStore';
export { JSONStore } from './node/store/jsonStore';
export { FileSpendingLedger, type DaySpending } from './node/store/spendingLedger';
export { SqliteStore } from './node/store/sqliteStore';
