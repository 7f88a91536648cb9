import { objectSchema } from './defineTool';
import { optionalText, textArgument } from './readArguments';
import type { Tool } from './tool';

const titleCharacters = 80;

export const presentPlan: Tool = {
  name: 'present_plan',
  description:
    'Shows the user a plan and waits until they say go, in Markdown: what you found, what you will change and where, in steps, and how it will be checked. In plan mode nothing with an effect runs before that, so investigate first with the tools that only read. The user may change the plan, comment on its lines, or ask you to keep planning; the result says so. Work by the plan as they left it.',
  inputSchema: objectSchema({
    plan: { type: 'string', minLength: 1, maxLength: 50_000, description: 'The whole plan, in Markdown.' },
    title: { type: 'string', required: false, maxLength: titleCharacters, description: 'A few words that name it.' },
  }),
  timeout: 'own',
  plan: (args) => {
    const text = textArgument(args, 'plan');
    return Promise.resolve({
      effect: 'none',
      subject: { kind: 'plan', title: optionalText(args, 'title')?.trim() || titleOf(text), text, reason: '' },
      floor: { reasons: ['The agent shows you its plan.'], rules: [] },
      run: ({ answer }) =>
        Promise.resolve(
          answer === undefined || answer.trim() === ''
            ? { data: { agreed: true }, note: 'The user agrees to the plan as it stands. Carry it out.' }
            : { data: { agreed: true, answer } },
        ),
    });
  },
};

/** Its first heading or line. */
function titleOf(plan: string): string {
  const line = plan.split('\n').find((one) => one.trim() !== '') ?? '';
  const title = line.replace(/^\s*#+\s*/, '').trim();
  return title.length <= titleCharacters ? title : `${title.slice(0, titleCharacters - 1).trimEnd()}…`;
}
