import { checkDependencies, type AgentDependencies as CoreDependencies } from '../core/agent/config';
import { AgentTemplateRegistry } from '../core/agent/template';
import type { Store } from '../core/store/documentedStore';
import { sessionStoreOf } from '../core/store/sessionStoreOf';
import type { SessionStore } from '../core/store/store';
import { builtinTemplates } from '../core/templates/builtinTemplates';
import { Scheduler } from '../core/schedule/scheduler';
import { ToolRegistry } from '../core/tools/toolRegistry';
import { builtinTools } from '../core/tools/tools';
import { nodeEnvironment } from './environment';
import { modelFromEnvironment } from './models/environment';
import { SandboxFactory } from './sandboxFactory';

/**
 * What agents work with. The first four are needed.
 *
 * `modelFactory`: makes the models of agents that are given none. Default: the model that was chosen, with the vendor's key from the
 * process's environment; else the one that COUNTERSIGN_MODEL names (`vendor:model` or `scripted:<file>`), else that of the first
 * vendor with a key there.
 */
export interface AgentDependencies extends Omit<CoreDependencies, 'store' | 'sandboxFactory' | 'environment'> {
  /** One of ours, or any class with the documented methods of `Store`. */
  readonly store: SessionStore | Store;
  /** Makes the sandboxes of agents that bring none: a factory, or a function that gets the `sandbox` of the agent's configuration. */
  readonly sandboxFactory: SandboxFactory | CoreDependencies['sandboxFactory'];
  /** What the model is told of its surroundings. Default: this machine's system, shell, git status and instruction files. */
  readonly environment?: CoreDependencies['environment'];
}

/**
 * Puts what this machine has in the place of what was left out. @throws ConfigError 'missing_dependency', naming
 * what is still missing; StoreError 'not_supported' for a store without what agents need.
 */
export function completed(dependencies: AgentDependencies): CoreDependencies {
  const whole = checkDependencies({ environment: nodeEnvironment(), ...dependencies });
  const { sandboxFactory: factory, store, ...others } = whole;
  return {
    modelFactory: (choice) => modelFromEnvironment(process.env, choice),
    makeScheduler: (ports) => new Scheduler(ports),
    ...others,
    store: sessionStoreOf(store),
    sandboxFactory: factory instanceof SandboxFactory ? (config) => factory.create(config) : factory,
  };
}

/** A store is enough: the rest is the built-in templates and tools, and a local sandbox in the process's current folder. */
export function withBuiltins(given: Partial<AgentDependencies> & Pick<AgentDependencies, 'store'>): AgentDependencies {
  return {
    templateRegistry: templatesOf(),
    toolRegistry: new ToolRegistry(builtinTools),
    sandboxFactory: new SandboxFactory(),
    ...given,
  };
}

function templatesOf(): AgentTemplateRegistry {
  const registry = new AgentTemplateRegistry();
  registry.bulkRegister(builtinTemplates);
  return registry;
}
