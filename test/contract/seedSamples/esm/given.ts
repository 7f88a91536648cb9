/** What the samples take for granted and do not show. */
import { AgentTemplateRegistry, builtinTemplates, builtinTools, SandboxFactory, ToolRegistry } from 'countersign';

export const templateRegistry = new AgentTemplateRegistry();
templateRegistry.bulkRegister(builtinTemplates);
export const toolRegistry = new ToolRegistry(builtinTools);
export const sandboxFactory = new SandboxFactory();
export const config = { templateId: 'cli-assistant' };
export const getConfig = (_jobData?: unknown): typeof config => config;
