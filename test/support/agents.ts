import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../../src/core/agent/agent';
import type { AgentConfig, AgentDependencies } from '../../src/core/agent/config';
import { AgentTemplateRegistry } from '../../src/core/agent/template';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import type { AgentEvent, EventOf } from '../../src/core/protocol/events';
import { Scheduler } from '../../src/core/schedule/scheduler';
import { MemoryStore } from '../../src/core/store/memoryStore';
import { builtinTools } from '../../src/core/tools/tools';
import { ToolRegistry } from '../../src/core/tools/toolRegistry';
import type { Tool } from '../../src/core/tools/tool';
import { nodeEnvironment } from '../../src/node/environment';
import { LocalSandbox } from '../../src/node/localSandbox';

/** A temporary folder with these files; `remove` takes it away. */
export interface Workspace {
  readonly folder: string;
  file(name: string): string;
  remove(): Promise<void>;
}

export async function workspaceWith(files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'countersign-test-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return {
    folder,
    file: (name) => path.join(folder, name),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** For tests that count tokens: the descriptions of further tools would count too. */
export const fewTools: readonly string[] = [
  'fs_read',
  'fs_glob',
  'fs_grep',
  'fs_edit',
  'fs_write',
  'bash_run',
  'todo_write',
];

export interface TestAgentOptions {
  readonly script: readonly ScriptedTurn[];
  readonly workspace: Workspace;
  readonly config?: Partial<AgentConfig>;
  readonly tools?: readonly Tool[];
  readonly chunkDelayMs?: number;
  /** Whether the guard asks about commands. Default false: the mode alone decides. */
  readonly guarded?: boolean;
}

export function dependenciesFor({
  script,
  workspace,
  tools,
  chunkDelayMs,
  guarded = false,
}: Omit<TestAgentOptions, 'config'>): AgentDependencies & { readonly store: MemoryStore } {
  const templateRegistry = new AgentTemplateRegistry();
  templateRegistry.register({ id: 'test', systemPrompt: 'You are a test.', permission: { mode: 'auto' } });
  return {
    store: new MemoryStore(),
    templateRegistry,
    toolRegistry: new ToolRegistry(tools ?? builtinTools),
    sandboxFactory: () => new LocalSandbox({ roots: [{ name: 'ws', path: workspace.folder }], unguarded: !guarded }),
    modelFactory: () => scriptedModel(script, chunkDelayMs === undefined ? {} : { chunkDelayMs }),
    environment: nodeEnvironment(),
    makeScheduler: (ports) => new Scheduler(ports),
    retry: { baseDelayMs: 1, maxDelayMs: 5 },
  };
}

/** A real agent on a real folder; only the model's words are scripted. */
export async function testAgent(options: TestAgentOptions): Promise<Agent> {
  return Agent.create({ templateId: 'test', ...options.config }, dependenciesFor(options));
}

/** Everything that has happened so far, as the store has it. */
export async function historyOf(agent: Agent): Promise<readonly AgentEvent[]> {
  const { cursor } = agent.status();
  const events: AgentEvent[] = [];
  if (cursor === 0) return events;
  for await (const { event, bookmark } of agent.subscribe(undefined, { since: { seq: 0, timestamp: 0 } })) {
    events.push(event);
    if (bookmark.seq >= cursor) break;
  }
  return events;
}

/** The next event of this type, from now on. */
export function nextEvent<Type extends AgentEvent['type']>(agent: Agent, type: Type): Promise<EventOf<Type>> {
  return new Promise((resolve) => {
    const off = agent.on(type, (event) => {
      off();
      resolve(event);
    });
  });
}
