import { ToolError } from '../errors';
import type { ResolvedPath } from '../sandbox/sandbox';
import type { JsonObject } from '../util/json';
import type { ToolPlan } from './tool';

/**
 * Plans an edit so that nothing of a file that may hold secrets is told unasked. Why an edit does not fit says what stands in
 * the file, and so does the mere fact: both wait for the person's answer.
 * @param seen what `plan` looks into; it may grow until it fails
 */
export async function keepSecrets(
  tool: { readonly name: string; readonly args: JsonObject },
  seen: readonly ResolvedPath[],
  plan: () => ToolPlan | Promise<ToolPlan>,
): Promise<ToolPlan> {
  try {
    return await plan();
  } catch (error) {
    const secret = seen.filter(({ guarded }) => guarded?.kind === 'secret');
    if (!(error instanceof ToolError) || secret.length === 0) throw error;
    return {
      effect: 'none',
      subject: { kind: 'tool', name: tool.name, input: JSON.stringify(tool.args, undefined, 2), reason: '' },
      floor: {
        reasons: secret.map(
          ({ display, guarded }) =>
            `${display}: ${guarded?.reason ?? ''} This edit does not fit it, and the model would learn why.`,
        ),
        rules: [],
      },
      run: () => Promise.reject(error),
    };
  }
}
