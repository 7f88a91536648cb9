import type { TaskService } from '../delegates/task';
import type { Hooks } from '../hooks/hooks';
import type { FilePool } from '../filePool/filePool';
import type { AgentId, CallId } from '../protocol/ids';
import type { TodoInput, TodoItem } from '../protocol/todos';
import type { ApprovalSubject, RuleSubject } from '../protocol/toolCalls';
import type { EditConsent, FileChange, Sandbox } from '../sandbox/sandbox';
import type { JsonObject, JsonValue } from '../util/json';

/** What running a call does to the world; permission modes decide by it. */
export type Effect = 'none' | 'edit' | 'command' | 'other';

/** A plan that was computed and can now be allowed, shown and run. */
export interface ToolPlan {
  readonly effect: Effect;
  /** What a person is shown, built from exactly what `run` will do. */
  readonly subject: ApprovalSubject;
  /** For edits: the whole change, so that it can be shown as a diff. */
  readonly changes?: readonly FileChange[];
  /** What no mode and no list lifts: absent, the policy alone decides. */
  readonly floor?: Floor;
  /** Does it. @throws ToolError for an expected failure; anything else is reported as an exception. */
  run(ctx: RunContext): Promise<ToolOutcome>;
}

/** Why a person is asked whatever the mode. Reasons are sentences for people, at least one. */
export interface Floor {
  readonly reasons: readonly string[];
  /** What a person may have allowed: all of it remembered lifts the floor. Empty: nothing does. */
  readonly rules: readonly RuleSubject[];
  /** What would run is code of the workspace, edits that nobody reviewed included. */
  readonly runsWorkspaceCode?: boolean;
}

/** What goes back to the model. */
export interface ToolOutcome {
  readonly data: JsonValue;
  /** False: the tool worked but what it did failed (a command's exit code, for example). Default true. */
  readonly ok?: boolean;
  readonly note?: string;
}

/** Services of the agent that tools may use. */
export interface ToolServices {
  readonly todos: {
    list(): readonly TodoItem[];
    /** @throws ToolError 'invalid_arguments' on a second item in progress, a double id or an empty title. */
    replace(items: readonly TodoInput[]): Promise<readonly TodoItem[]>;
  };
  /** What the agent has read and edited. A tool that does either in its own way notes it with `recordRead` and `recordEdit`. */
  readonly files: FilePool;
  /** Gives work to subagents; absent: the agent has none. */
  readonly agents?: TaskService;
}

/** What a tool works with while it plans. */
export interface ToolContext {
  readonly agentId: AgentId;
  readonly callId: CallId;
  readonly sandbox: Sandbox;
  readonly services: ToolServices;
  /** Aborted by Stop and by the tool's time-out. */
  readonly signal: AbortSignal;
}

/** What a tool works with while it runs. */
export interface RunContext extends ToolContext {
  /** How it comes that this may run: for edits, what becomes of them. */
  readonly consent: EditConsent;
  /** What the person wrote with the approval: the answer to a question. */
  readonly answer?: string;
  /** Live output for the card. */
  readonly progress: (text: string) => void;
  readonly emit: (eventType: string, data?: JsonValue) => void;
}

/** A tool. `plan` reads and computes and fails early; only the plan's `run` has an effect. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, `type: 'object'` at the top; they are checked against it before `plan`. */
  readonly inputSchema: JsonObject;
  /** Notes for the system prompt. */
  readonly prompt?: string;
  /** Milliseconds a run may take from its start; 'own': the tool limits itself. Default: the agent's toolTimeoutMs. */
  readonly timeout?: number | 'own';
  /** Whether the tool can work there: asked once for each agent, so that its list of tools stays the same. Default: it can. */
  readonly available?: (sandbox: Sandbox) => boolean;
  /** Called for this tool's own calls, before the hooks of template and agent. */
  readonly hooks?: Pick<Hooks, 'preToolUse' | 'postToolUse'>;
  /** For whoever lists tools; nothing depends on it. */
  readonly metadata?: JsonObject;
  /** @throws ToolError or SandboxError: the model gets it as the answer. */
  plan(args: JsonObject, ctx: ToolContext): Promise<ToolPlan>;
}
