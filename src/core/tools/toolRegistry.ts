import { ConfigError } from '../errors';
import type { JsonObject } from '../util/json';
import type { Tool } from './tool';

/** Makes a tool, with a configuration where it has one. */
export type ToolFactory = (config?: JsonObject) => Tool;

/** Tools by name. */
export class ToolRegistry {
  readonly #tools = new Map<string, Tool>();
  readonly #factories = new Map<string, ToolFactory>();

  constructor(tools: readonly Tool[] = []) {
    for (const tool of tools) this.register(tool);
  }

  /** A tool, or its name and what makes it. @throws ConfigError 'invalid_value' on a second tool of the same name. */
  register(tool: Tool): void;
  register(name: string, factory: ToolFactory): void;
  register(given: Tool | string, factory?: ToolFactory): void {
    const tool = typeof given === 'string' ? made(given, factory) : given;
    if (this.#tools.has(tool.name))
      throw new ConfigError('invalid_value', `There is a tool named ${JSON.stringify(tool.name)} already.`, {
        advice: 'Tool names are unique: choose another.',
      });
    this.#tools.set(tool.name, tool);
    if (factory) this.#factories.set(tool.name, factory);
  }

  has(name: string): boolean {
    return this.#tools.has(name);
  }

  list(): readonly Tool[] {
    return [...this.#tools.values()];
  }

  /** The named tool, made anew where it was registered with what makes it. @throws ConfigError 'unknown_tool'. */
  create(name: string, config?: JsonObject): Tool {
    const factory = this.#factories.get(name);
    return factory ? made(name, () => factory(config)) : this.#get(name);
  }

  /** The named tools in this order, or all for '*'. @throws ConfigError 'unknown_tool'. */
  select(names: '*' | readonly string[]): readonly Tool[] {
    if (names === '*') return this.list();
    return names.map((name) => this.#get(name));
  }

  #get(name: string): Tool {
    const tool = this.#tools.get(name);
    if (tool) return tool;
    throw new ConfigError('unknown_tool', `Tool not found: ${JSON.stringify(name)}.`, {
      advice: `Register it first. Registered: ${[...this.#tools.keys()].join(', ')}.`,
    });
  }
}

/** @throws ConfigError 'invalid_value': under another name it could pass for another tool. */
function made(name: string, factory: ToolFactory | undefined): Tool {
  const tool = factory?.();
  if (tool?.name === name) return tool;
  throw new ConfigError('invalid_value', `What was registered as ${JSON.stringify(name)} does not make such a tool.`, {
    advice: `Give a function that returns the tool of this name; it gave ${JSON.stringify(tool?.name)}.`,
  });
}
