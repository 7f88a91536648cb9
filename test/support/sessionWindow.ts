import type { AgentDependencies } from '../../src/core/agent/config';
import { AgentTemplateRegistry } from '../../src/core/agent/template';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import type { ModelProvider } from '../../src/core/model/provider';
import type { Envelope } from '../../src/core/protocol/events';
import type { AgentId } from '../../src/core/protocol/ids';
import type { ModelChoice } from '../../src/core/protocol/models';
import type { SessionView } from '../../src/core/protocol/view';
import type { SessionStore } from '../../src/core/store/store';
import { obstacleOf } from '../../src/extension/sessions/obstacle';
import { SessionAgents, type SessionAgentsPorts } from '../../src/extension/sessions/sessionAgents';
import { Sessions } from '../../src/extension/sessions/sessions';
import { dependenciesFor, type Workspace } from './agents';

export interface SessionWindowOptions {
  readonly store: SessionStore;
  readonly workspace: Workspace;
  readonly script?: readonly ScriptedTurn[];
  /** Default: one folder. */
  readonly folders?: readonly string[];
  /** Default: one that plays the script. */
  readonly model?: ModelProvider;
  /** Opens the model of a session that comes back. Default: the model, at once. */
  readonly modelFactory?: NonNullable<AgentDependencies['modelFactory']>;
  /** Opens the model of a new session. Default: the same. */
  readonly modelFor?: SessionAgentsPorts['modelFor'];
  /** Default: 'auto'. */
  readonly mode?: 'auto' | 'approval';
  /** Whether the workspace is trusted. Default: yes. */
  readonly mayWork?: boolean;
}

/** The sessions of one editor window, without the editor around them. */
export class SessionWindow {
  readonly sessions: Sessions;
  readonly events: { readonly sessionId: AgentId; readonly envelope: Envelope }[] = [];
  /** Sessions that were shown anew. */
  readonly replaced: AgentId[] = [];
  readonly problems: string[] = [];

  constructor({ store, workspace, script = [], mode = 'auto', ...rest }: SessionWindowOptions) {
    const { folders = ['file:///one'], mayWork = true, model = scriptedModel(script) } = rest;
    const { modelFactory = () => model, modelFor = async (choice?: ModelChoice) => modelFactory(choice) } = rest;
    const templateRegistry = new AgentTemplateRegistry();
    const template = { id: 'coding', systemPrompt: 'You are a test.', permission: { mode } };
    templateRegistry.register(template);
    const report = (what: string, error: unknown): void => void this.problems.push(`${what}: ${String(error)}`);
    const agents = new SessionAgents({
      dependencies: { ...dependenciesFor({ script, workspace }), store, templateRegistry, modelFactory },
      template,
      modelFor,
      permissionFor: () => ({ mode }),
      folders: () => folders,
    });
    this.sessions = new Sessions({
      ...{ store, agents, folders: () => folders },
      obstacle: () => obstacleOf({ isTrusted: mayWork, hasFolder: true }),
      ...{ reportError: report, reportProblem: report },
    });
    this.sessions.onEvent((event) => this.events.push(event));
    this.sessions.onReplaced((sessionId) => this.replaced.push(sessionId));
    this.sessions.setVisible(true);
  }

  /** Sends to the shown session and gives its id once the turn is at rest. */
  async ask(text: string): Promise<AgentId> {
    const { activeId } = this.sessions;
    await this.sessions.send(activeId, text);
    await this.sessions.agent(activeId)?.complete();
    const { cursor = 0 } = this.sessions.agent(activeId)?.status() ?? {};
    await until(() => this.sessions.active.seq >= cursor);
    return activeId;
  }

  get shown(): SessionView {
    return this.sessions.active;
  }

  close(): Promise<void> {
    return this.sessions.close();
  }
}

/** What a person reads of the transcript, in order: "user: …", "answer: …", "tool NAME: STATE", "notice: …". */
export function readable({ items }: SessionView): readonly string[] {
  return items.map((item) => {
    switch (item.kind) {
      case 'user':
      case 'answer':
      case 'thinking':
      case 'notice':
        return `${item.kind}: ${item.text}`;
      case 'tool':
        return `tool ${item.call.name}: ${item.call.state}`;
      case 'turnEnd':
        return `end: ${item.reason}`;
      case 'modelChange':
        return `model: ${item.model.vendor}:${item.model.model}`;
      case 'modeChange':
        return `mode: ${item.mode}`;
      case 'compaction':
        return `compaction: ${item.state}`;
      case 'restore':
        return `restore: ${item.state}`;
    }
  });
}

export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
