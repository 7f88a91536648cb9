import { objectSchema } from './defineTool';
import { textsArgument, textArgument } from './readArguments';
import type { Tool } from './tool';

export const askUser: Tool = {
  name: 'ask_user',
  description:
    'Asks the user one question and waits for the answer. For decisions that only they can make and that change what you do next; not for permission (that is asked by itself) and not for what you can find out. The user may choose, write something else, or skip it.',
  inputSchema: objectSchema({
    question: { type: 'string', minLength: 1, maxLength: 2_000, description: 'One question, in plain text.' },
    choices: {
      type: 'array',
      required: false,
      maxItems: 8,
      items: { type: 'string', minLength: 1, maxLength: 200 },
      description: 'Short answers to choose from, the one you would take first. At most 8.',
    },
  }),
  timeout: 'own',
  plan: (args) =>
    Promise.resolve({
      effect: 'none',
      subject: {
        kind: 'question',
        question: textArgument(args, 'question'),
        choices: textsArgument(args, 'choices'),
        reason: '',
      },
      floor: { reasons: ['The agent wants to know something from you.'], rules: [] },
      run: ({ answer }) =>
        Promise.resolve(
          answer === undefined || answer.trim() === ''
            ? {
                data: { answer: null },
                note: 'The user agreed without a word. Decide yourself, or ask more precisely.',
              }
            : { data: { answer } },
        ),
    }),
};
