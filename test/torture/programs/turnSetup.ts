import * as path from 'node:path';
import type { AgentDependencies } from '../../../src/core/agent/config';
import { AgentTemplateRegistry } from '../../../src/core/agent/template';
import type { ModelProvider } from '../../../src/core/model/provider';
import { scriptedModel } from '../../../src/core/model/scripted';
import { ToolRegistry } from '../../../src/core/tools/toolRegistry';
import { builtinTools } from '../../../src/core/tools/tools';
import { nodeEnvironment } from '../../../src/node/environment';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { SqliteStore } from '../../../src/node/store/sqliteStore';

/** A real agent on real files; every effect asks first. */
export function turnDependencies(
  storeFolder: string,
  workspaceFolder: string,
): AgentDependencies & { readonly store: SqliteStore } {
  const templateRegistry = new AgentTemplateRegistry();
  templateRegistry.register({ id: 'test', systemPrompt: 'You are a test.', permission: { mode: 'approval' } });
  return {
    store: new SqliteStore(path.join(storeFolder, 'agents.db')),
    templateRegistry,
    toolRegistry: new ToolRegistry(builtinTools),
    sandboxFactory: () => new LocalSandbox({ workDir: workspaceFolder }),
    environment: nodeEnvironment(),
  };
}

/** Two commands, each of which leaves a line every time it runs, and a last word. */
export function effectCalls(): ModelProvider {
  const command = (name: string) => ({ name: 'bash_run', input: { cmd: `echo ${name} >> effects.txt; echo ran` } });
  return scriptedModel([
    { text: 'First. '.repeat(20), calls: [command('one')] },
    { text: 'Second. '.repeat(20), calls: [command('two')] },
    { text: 'Done.' },
  ]);
}
