import type { RunContext, Tool, ToolOutcome, ToolPlan } from '../../src/core/tools/tool';
import { nextTodos } from '../../src/core/agent/todos';
import { FilePool } from '../../src/core/filePool/filePool';
import { newAgentId, newCallId } from '../../src/core/protocol/ids';
import type { TodoItem } from '../../src/core/protocol/todos';
import { checkArguments } from '../../src/core/tools/toolArguments';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/core/util/json';
import { LocalSandbox, type LocalSandboxOptions } from '../../src/node/localSandbox';

/** Runs tools on a real folder as the agent does: arguments checked, planned, then run. */
export interface ToolBench {
  readonly sandbox: LocalSandbox;
  readonly live: string[];
  /** What a plan runs with: nobody was asked. */
  context(signal?: AbortSignal): RunContext;
  plan(tool: Tool, input: JsonValue): Promise<ToolPlan>;
  run(tool: Tool, input: JsonValue, signal?: AbortSignal): Promise<ToolOutcome>;
  runPlan(plan: ToolPlan): Promise<ToolOutcome>;
  /** Like `run`, for data that is an object. */
  data(tool: Tool, input: JsonValue): Promise<JsonObject>;
}

export function toolBench(options: LocalSandboxOptions): ToolBench {
  const sandbox = new LocalSandbox(options);
  const live: string[] = [];
  let todos: readonly TodoItem[] = [];
  const services = {
    todos: {
      list: () => todos,
      replace: (items: Parameters<typeof nextTodos>[1]) => {
        todos = nextTodos(todos, items, 1);
        return Promise.resolve(todos);
      },
    },
    files: new FilePool({ files: sandbox.files, now: Date.now }),
  };
  const context = (signal = new AbortController().signal): RunContext => ({
    agentId: newAgentId(),
    callId: newCallId(),
    sandbox,
    services,
    signal,
    consent: { kind: 'unasked' },
    progress: (text) => void live.push(text),
    emit: () => undefined,
  });
  const plan: ToolBench['plan'] = async (tool, input) => tool.plan(await checkArguments(tool, input), context());
  const run: ToolBench['run'] = async (tool, input, signal) => (await plan(tool, input)).run(context(signal));
  return {
    sandbox,
    live,
    context,
    plan,
    run,
    runPlan: (planned) => planned.run(context()),
    data: async (tool, input) => {
      const { data } = await run(tool, input);
      if (!isJsonObject(data)) throw new Error(`not an object: ${JSON.stringify(data)}`);
      return data;
    },
  };
}
