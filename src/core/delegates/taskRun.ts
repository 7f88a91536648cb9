import type { AgentTemplateDefinition } from '../agent/template';
import { ToolError } from '../errors';
import { objectSchema } from '../tools/defineTool';
import { optionalText, textArgument } from '../tools/readArguments';
import type { Floor, Tool, ToolOutcome } from '../tools/tool';
import { safeStart } from '../util/safeStart';
import type { TaskResult } from './task';

export const taskRunName = 'task_run';
/** What of a subagent's answer its agent reads. */
const answerCharacters = 50_000;

/** The tool that gives work to subagents of these templates. Starting one has no effect of its own: each of its calls is judged. */
export function taskRun(templates: readonly AgentTemplateDefinition[]): Tool {
  const kinds = templates.map(({ id, desc, name }) => `- ${id}: ${desc ?? name ?? 'no description'}`).join('\n');
  return {
    name: taskRunName,
    description: `Gives a piece of work to a subagent and waits for its answer. It starts with an empty conversation in the same workspace, so say all it needs: the goal, the places, what its answer is to hold. Its effects need the same permissions as yours. Several calls in one answer run beside each other: let them not edit the same files. Kinds of subagents:\n${kinds}`,
    inputSchema: objectSchema({
      description: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'The task in a few words, for people.',
      },
      prompt: { type: 'string', minLength: 1, maxLength: 50_000, description: 'The whole task.' },
      agentTemplateId: { type: 'string', enum: templates.map(({ id }) => id), description: 'The kind of subagent.' },
      context: {
        ...{ type: 'string', required: false, maxLength: 50_000 },
        description: 'What you found out already and it should know.',
      },
      model: {
        ...{ type: 'string', required: false, maxLength: 200 },
        description: 'Another model than yours, as vendor:model. Only if the user asked for it.',
      },
    }),
    timeout: 'own',
    plan: (args) =>
      Promise.resolve({
        effect: 'none',
        ...otherVendor(optionalText(args, 'model')),
        subject: { kind: 'tool', name: taskRunName, input: JSON.stringify(args, undefined, 2), reason: '' },
        run: async ({ services, progress, signal }) => {
          if (!services.agents)
            throw new ToolError('failed', 'There are no subagents here.', { advice: 'Do it yourself.' });
          const [context, model] = [optionalText(args, 'context'), optionalText(args, 'model')];
          const task = {
            templateId: textArgument(args, 'agentTemplateId'),
            prompt: textArgument(args, 'prompt'),
            description: textArgument(args, 'description'),
            ...(context !== undefined && { context }),
            ...(model !== undefined && { model }),
          };
          return outcomeOf(await services.agents.run(task, progress, signal));
        },
      }),
  };
}

/** Whoever reads a file may be led to send the workspace to another vendor: only a person says so. */
function otherVendor(model: string | undefined): { readonly floor?: Floor } {
  if (model === undefined || !model.includes(':')) return {};
  return { floor: { reasons: [`The subagent would work with another model: ${JSON.stringify(model)}.`], rules: [] } };
}

function outcomeOf({ status, text = '', error, agentId, usage }: TaskResult): ToolOutcome {
  const answer = safeStart(text, answerCharacters);
  const data = { status, text: answer, agentId, tokens: usage.totalTokens };
  if (status !== 'ok')
    return { ok: false, data, note: error ? `${error.message} ${error.advice}` : 'The task was interrupted.' };
  return answer === text ? { data } : { data, note: `The answer was longer: ${text.length} characters.` };
}
