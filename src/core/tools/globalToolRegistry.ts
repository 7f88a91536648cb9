import { ToolRegistry } from './toolRegistry';

/** One registry for a whole program. Empty until the program registers something: no tool gets into it by itself. */
export const globalToolRegistry = new ToolRegistry();
