import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import type { MessageId } from '../../src/core/protocol/ids';
import { FileCheckpointBlobs } from '../../src/node/checkpoints/fileCheckpointBlobs';
import { dependenciesFor, workspaceWith, type TestAgentOptions, type Workspace } from './agents';

/** A real agent on a real folder of three files, with its checkpoints in another one. */
export class CheckpointBench {
  ws!: Workspace;
  folder!: string;
  deps!: AgentDependencies;
  agent!: Agent;

  async open(): Promise<void> {
    this.ws = await workspaceWith({ 'a.txt': 'a1\n', 'b.txt': 'b1\n', 'src/c.txt': 'c1\n' });
    this.folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-blobs-'));
  }

  async close(): Promise<void> {
    await this.agent[Symbol.asyncDispose]();
    await this.ws.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** An agent that has said nothing yet. `blobs`: where its checkpoints go. */
  async agentWith(options: Omit<TestAgentOptions, 'workspace'>, blobs = this.folder): Promise<Agent> {
    const checkpoints = new FileCheckpointBlobs({ folder: blobs });
    this.deps = { ...dependenciesFor({ ...options, workspace: this.ws }), checkpoints };
    this.agent = await Agent.create({ agentId: 'a', templateId: 'test' }, this.deps);
    return this.agent;
  }

  /** One turn after the other. @returns their messages */
  async start(...turns: Turns): Promise<readonly MessageId[]> {
    await this.agentWith({ script: scriptOf(turns) });
    const ids: MessageId[] = [];
    for (const [text] of turns) {
      ids.push(await this.agent.send(text));
      await this.agent.complete();
    }
    return ids;
  }

  text(name: string): Promise<string> {
    return readFile(this.ws.file(name), 'utf8');
  }
}

export function useCheckpointBench(): CheckpointBench {
  const bench = new CheckpointBench();
  beforeEach(() => bench.open());
  afterEach(() => bench.close());
  return bench;
}

export const idAt = (ids: readonly MessageId[], place: number): MessageId =>
  ids[place] ?? assert.fail('no such message');
export const files = { files: true, conversation: false };

export type Edit = { readonly name: string; readonly args: Readonly<Record<string, string>> };
export type Turns = readonly (readonly [string, ...(readonly Edit[])])[];

export const edit = (file: string, from: string, to: string): Edit => ({
  name: 'fs_edit',
  args: { path: file, old_string: from, new_string: to },
});
export const write = (file: string, content: string): Edit => ({ name: 'fs_write', args: { path: file, content } });
export const patch = (text: string): Edit => ({ name: 'apply_patch', args: { patch: text } });

export const scriptOf = (turns: Turns): readonly ScriptedTurn[] =>
  turns.flatMap(([, ...edits]) => [
    ...edits.map((one): ScriptedTurn => ({ calls: [{ name: one.name, input: one.args }] })),
    { text: 'Done.' },
  ]);

export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
