/** The package's public index: the runtime and its adapters for Node. Nothing inside imports it. */
export { Agent, type ResumeOrCreateOptions } from './core/agent/agent';
export type { CompactionOutcome } from './core/agent/compactor';
export { AgentPool, PoolFullError, type AgentPoolOptions } from './core/agent/agentPool';
export type { ResumeOptions } from './core/agent/openAgent';
export { AgentBusyError, type ForkPoint } from './core/agent/fork';
export type { AgentConfig, AgentDependencies, AgentLimits } from './core/agent/config';
export type { Environment, EnvironmentSource, InstructionFile } from './core/agent/prompt';
export type { AgentStatus, FlatProgress } from './core/agent/status';
export { AgentTemplateRegistry, type AgentTemplateDefinition } from './core/agent/template';
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
export type { DebugConfig, DebugOptions } from './core/debug/debugConfig';
export { HookError } from './core/hooks/hookError';
export type * from './core/hooks/hooks';
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
export {
  PermissionModeRegistry,
  permissionModes,
  type ModeQuestion,
  type PermissionModeHandler,
} from './core/permission/permissionModeRegistry';
export { decide, type PermissionConfig } from './core/permission/policy';
export type { CustomMode, PermissionMode } from './core/protocol/modes';
export type * from './core/protocol/events';
export { newAgentId, type AgentId, type CallId, type MessageId, type PermissionId } from './core/protocol/ids';
export { textOf, type ContentBlock, type Message } from './core/protocol/messages';
export type { ModelChoice, ReasoningEffort } from './core/protocol/models';
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
export { copySession } from './core/store/copySession';
export type * from './core/store/documentedStore';
export { exportSession } from './core/store/exportSession';
export { importSession, type ImportOptions, type ImportResult } from './core/store/importSession';
export { MemoryStore } from './core/store/memoryStore';
export { NamedStore, type NamedStorePorts } from './core/store/namedStore';
export type * from './core/store/reports';
export { SessionHeldError } from './core/store/sessionHeld';
export type * from './core/store/store';
export { builtin } from './core/tools/builtin';
export {
  defineTool,
  type SchemaToolDefinition,
  type ToolDefinition,
  type ToolParameter,
  type ToolParameters,
} from './core/tools/defineTool';
export { globalToolRegistry } from './core/tools/globalToolRegistry';
export type { StandardSchema } from './core/tools/standardSchema';
export { tool, type ToolMetadata, type ToolOptions, type UntypedToolOptions } from './core/tools/toolFunction';
export { ToolRegistry, type ToolFactory } from './core/tools/toolRegistry';
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
