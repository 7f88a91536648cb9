/** The package's public index: the runtime and its adapters for Node. Nothing inside imports it. */

// Agents.
export { Agent } from './node/agent';
export { AgentPool, type AgentPoolOptions } from './node/agentPool';
export type { AgentDependencies } from './node/agentDependencies';
export type { ResumeOrCreateOptions, SendOptions } from './core/agent/agent';
export { PoolFullError, type PoolConfig } from './core/agent/agentPool';
export type { Answer, OpenApproval } from './core/agent/approvals';
export type { ResumeOptions } from './core/agent/openAgent';
export type { ShutdownOptions, ShutdownResult } from './core/agent/shutdown';
export type { AgentConfig, AgentLimits, ContextOptions } from './core/agent/config';
export { AgentBusyError, type ForkPoint } from './core/agent/fork';
export type { CompactionOutcome } from './core/agent/compactor';
export type { AgentStatus, FlatProgress } from './core/agent/status';
export type { EventHandler, SubscribeOptions } from './core/agent/eventHub';
export type { Subscription } from './core/agent/subscription';
export type { CompleteResult, WaitOptions } from './core/agent/turnQueue';
export type { Environment, EnvironmentSource, InstructionFile } from './core/agent/prompt';
export { nodeEnvironment, type NodeEnvironmentOptions } from './node/environment';

// Taking files and conversations back.
export type { CheckpointBlobs } from './core/checkpoints/checkpointBlobs';
export type { Checkpoints } from './core/checkpoints/checkpoints';
export type { RestoreResult } from './core/checkpoints/endRestore';
export type { RestoreRecord } from './core/checkpoints/restoreRecord';
export type { RestoreFile, RestorePreview, RestoreWish } from './core/protocol/checkpoints';

// Templates.
export { AgentTemplateRegistry, type AgentTemplateDefinition } from './core/agent/template';
export { builtinTemplates } from './core/templates/builtinTemplates';

// Subagents and rooms.
export type { SubAgentConfig } from './core/delegates/subagents';
export type { Task, TaskResult, TaskService } from './core/delegates/task';
export { Room, type RoomAnswer, type RoomMember } from './core/room';

// What agents say of themselves: messages, events, tool calls, todos.
export { newAgentId, type AgentId, type CallId, type MessageId, type PermissionId } from './core/protocol/ids';
export type { JsonObject, JsonValue } from './core/util/json';
export {
  textOf,
  type AudioBlock,
  type ContentBlock,
  type FileBlock,
  type ImageBlock,
  type Message,
  type ReasoningBlock,
  type TextBlock,
  type ToolErrorType,
  type ToolResultBlock,
  type ToolResultContent,
  type ToolUseBlock,
  type VideoBlock,
} from './core/protocol/messages';
export type * from './core/protocol/events';
export type {
  ApprovalSubject,
  Containment,
  ContainmentLevel,
  DecidedBy,
  Decision,
  FileChangePreview,
  RuleScope,
  RuleSubject,
  RuleView,
  ToolCallApproval,
  ToolCallRecord,
  ToolCallSnapshot,
  ToolCallState,
} from './core/protocol/toolCalls';
export type { TodoInput, TodoItem, TodoStatus } from './core/protocol/todos';
export { reduce } from './core/protocol/reduce';
export { emptySessionView, type ApprovalView, type SessionView, type TranscriptItem } from './core/protocol/view';

// Todos, reminders, and what an agent knows of files.
export type { TodoUpdate } from './core/agent/todoList';
export type { TodoConfig } from './core/agent/todoReminders';
export type { ReminderOptions } from './core/agent/reminders';
export type { HeldReminder, ReminderCategory, ReminderPriority } from './core/protocol/reminders';
export { FilePool, type AccessedFile, type FileFreshness, type OutsideChange } from './core/filePool/filePool';

// Schedules.
export { Scheduler, type SchedulerPorts, type StepTrigger, type TimeTrigger } from './core/schedule/scheduler';
export type { Timers } from './core/schedule/timers';

// Permission.
export { decide, type PermissionConfig, type PolicyQuestion, type PolicyVerdict } from './core/permission/policy';
export {
  PermissionModeRegistry,
  permissionModes,
  type ModeAnswer,
  type ModeQuestion,
  type PermissionModeHandler,
} from './core/permission/permissionModeRegistry';
export type { CustomMode, PermissionMode } from './core/protocol/modes';
export { MemoryReviews, type Reviews } from './core/permission/reviews';
export { MemoryRules, type RuleBook } from './core/permission/rules';

// Hooks.
export type * from './core/hooks/hooks';
export { HookError, type HookErrorCode } from './core/hooks/hookError';

// Tools.
export {
  defineTool,
  type SchemaToolDefinition,
  type ToolDefinition,
  type ToolParameter,
  type ToolParameters,
} from './core/tools/defineTool';
export { tool, type ToolMetadata, type ToolOptions, type UntypedToolOptions } from './core/tools/toolFunction';
export type { OutputOf, StandardSchema } from './core/tools/standardSchema';
export { ToolRegistry, type ToolFactory } from './core/tools/toolRegistry';
export { globalToolRegistry } from './core/tools/globalToolRegistry';
export { builtin } from './core/tools/builtin';
export { builtinTools } from './core/tools/tools';
export type {
  Effect,
  Floor,
  RunContext,
  Tool,
  ToolContext,
  ToolOutcome,
  ToolPlan,
  ToolServices,
} from './core/tools/tool';

// Skills.
export { SkillsManager, type SkillsManagerOptions } from './node/skills/skillsManager';
export { SkillSource } from './core/skills/skillSource';
export type { RefusedSkill, SkillContent, SkillList, SkillMetadata } from './core/skills/skill';

// Sandboxes.
export { LocalSandbox, type LocalSandboxOptions } from './node/localSandbox';
export type { LocalCommandsOptions } from './node/commands/localCommands';
export type { ContainmentOptions } from './node/commands/containment/commandContainment';
export type { Shell } from './node/commands/shell';
export type { RipgrepOption } from './node/search/fileFinder';
export type { RipgrepPlaces } from './node/search/findRipgrep';
export type { LocalWebOptions } from './node/web/localWeb';
export type { AddressRule } from './node/web/webAddress';
export { SandboxFactory } from './node/sandboxFactory';
export type { MakeSandbox, SandboxConfig } from './core/sandbox/sandboxConfig';
export type * from './core/sandbox/sandbox';
export type * from './core/sandbox/grepResult';
export type { Problem, Severity, SourcePlace, SourceSymbol } from './core/sandbox/sourcePlaces';
export type { FetchedPage, Web } from './core/sandbox/web';

// Stores.
export { JSONStore } from './node/store/jsonStore';
export { SqliteStore } from './node/store/sqliteStore';
export { MemoryStore } from './core/store/memoryStore';
export type { SearchHit, SearchOptions } from './node/store/sessionSearch';
export type { SweepOptions, SweepResult } from './node/store/sweepStore';
export type { Salvaged } from './core/store/salvage';
export type { SalvageResult } from './core/store/salvageInto';
export type { SearchLine } from './core/store/meta';
export {
  createStore,
  type JSONStoreConfig,
  type MemoryStoreConfig,
  type SqliteStoreConfig,
  type StoreConfig,
} from './node/store/createStore';
export { NamedStore, type NamedStorePorts } from './core/store/namedStore';
export type * from './core/store/documentedStore';
export type * from './core/store/reports';
export type * from './core/store/store';
export { SessionHeldError } from './core/store/sessionHeld';
export { copySession } from './core/store/copySession';
export { exportSession } from './core/store/exportSession';
export { importSession, type ImportOptions, type ImportResult } from './core/store/importSession';

// Models and what they cost.
export { modelFromEnvironment, type Environment as EnvironmentVariables } from './node/models/environment';
export { modelVendors, type ModelVendor } from './node/models/modelVendors';
export { openModel } from './node/models/providers';
export type { ModelConnection } from './node/models/connection';
export { scriptedModel, type ScriptedAnswer, type ScriptedOptions, type ScriptedTurn } from './core/model/scripted';
export { scriptedModelFromFile } from './node/models/scriptedFile';
export { demoModel, type DemoOptions } from './core/model/demo';
export {
  ModelError,
  type FinishReason,
  type KeepAlive,
  type ModelCapabilities,
  type ModelChunk,
  type ModelErrorCode,
  type ModelProvider,
  type ModelRequest,
  type ToolDescription,
} from './core/model/provider';
export type { ModelChoice, ModelRow, ReasoningEffort, VendorKind } from './core/protocol/models';
export { costOf, type BilledTokens } from './core/model/cost';
export {
  totalSpending,
  type Budget,
  type BudgetWarning,
  type ContextUsage,
  type ModelPrice,
  type ModelSpending,
  type TokenRates,
  type TokenUsage,
} from './core/protocol/usage';
export { MemorySpending, type MemorySpendingPorts } from './core/model/memorySpending';
export type { Reserved, SpentCall, Spending } from './core/model/spending';
export { FileSpendingLedger, type DaySpending, type FileSpendingLedgerPorts } from './node/store/spendingLedger';

// Logs.
export type { DebugConfig, DebugOptions } from './core/debug/debugConfig';

// Errors.
export {
  AgentError,
  ConfigError,
  PermissionError,
  SandboxError,
  StoreError,
  ToolError,
  isAgentError,
  type AgentErrorOptions,
  type ConfigErrorCode,
  type ErrorFamily,
  type PermissionErrorCode,
  type SandboxErrorCode,
  type StoreErrorCode,
  type ToolErrorCode,
} from './core/errors';
export { MultimodalValidationError, ProviderCapabilityError, type MediaErrorCode } from './core/model/media';
