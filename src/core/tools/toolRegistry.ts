import { ConfigError } from '../errors';
import type { Tool } from './tool';

/** Tools by name. */
export class ToolRegistry {
  readonly #tools = new Map<string, Tool>();

  constructor(tools: readonly Tool[] = []) {
    for (const tool of tools) this.register(tool);
  }

  /** @throws ConfigError 'invalid_value' on a second tool of the same name. */
  register(tool: Tool): void {
    if (this.#tools.has(tool.name))
      throw new ConfigError('invalid_value', `There is a tool named ${JSON.stringify(tool.name)} already.`, {
        advice: 'Tool names are unique: choose another.',
      });
    this.#tools.set(tool.name, tool);
  }

  has(name: string): boolean {
    return this.#tools.has(name);
  }

  list(): readonly Tool[] {
    return [...this.#tools.values()];
  }

  /** The named tools in this order, or all for '*'. @throws ConfigError 'unknown_tool'. */
  select(names: '*' | readonly string[]): readonly Tool[] {
    if (names === '*') return this.list();
    return names.map((name) => {
      const tool = this.#tools.get(name);
      if (tool) return tool;
      throw new ConfigError('unknown_tool', `Tool not found: ${JSON.stringify(name)}.`, {
        advice: `Register it first. Registered: ${[...this.#tools.keys()].join(', ')}.`,
      });
    });
  }
}
