import { Agent } from '../../src/core/agent/agent';
import { checkDependencies, type AgentDependencies, type CheckedDependencies } from '../../src/core/agent/config';
import type { ModelProvider, ModelRequest } from '../../src/core/model/provider';
import type { ScriptedAnswer } from '../../src/core/model/scripted';
import type { AgentEvent, EventOf } from '../../src/core/protocol/events';
import { textOf } from '../../src/core/protocol/messages';
import { dependenciesFor, fewTools, workspaceWith, type Workspace } from './agents';
import { isSummaryRequest, type VendorOptions } from './vendorModel';

export const window32k: VendorOptions = { windowTokens: 32_000, maxOutputTokens: 4_000 };
export const noRequest: ModelRequest = { system: '', messages: [], tools: [] };

export const textIn = (request: ModelRequest): string => request.messages.map(textOf).join('\n');

export const compactionsIn = (events: readonly AgentEvent[]): readonly EventOf<'context_compression'>[] =>
  events.filter((event) => event.type === 'context_compression');

const line = 'export const value = compute(input, options); // what this line does\n';

/** Seven files of some 900 tokens each, and instructions of the project. */
export function filesToRead(): Promise<Workspace> {
  const files = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`file${index}.ts`, line.repeat(40)]));
  return workspaceWith({ ...files, 'AGENTS.md': 'Use tabs in this project.' });
}

/** Reads files until the turn has taken so many steps, then answers. */
export function fileReader(
  stepsPerTurn: number,
  summary = 'The agent reads files.',
): (request: ModelRequest) => ScriptedAnswer {
  let step = 0;
  return (request) => {
    if (isSummaryRequest(request)) return { text: `${summary} (${step} steps)` };
    if (++step % (stepsPerTurn + 1) === 0) return { text: `Read for ${step} steps.` };
    return { text: 'Reading on.', calls: [{ name: 'fs_read', input: { path: `file${step % 7}.ts` } }] };
  };
}

export async function agentOn(
  workspace: Workspace,
  model: ModelProvider,
  more: Partial<AgentDependencies> = {},
): Promise<{ readonly deps: CheckedDependencies; readonly agent: Agent }> {
  const deps = checkDependencies({ ...dependenciesFor({ script: [], workspace }), modelFactory: () => model, ...more });
  return { deps, agent: await Agent.create({ templateId: 'test', tools: fewTools }, deps) };
}
