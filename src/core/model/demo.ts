import type { CallId } from '../protocol/ids';
import type { ToolResultContent, ToolUseBlock } from '../protocol/messages';
import { isJsonObject, type JsonValue } from '../util/json';
import type { ModelProvider, ModelRequest } from './provider';
import { scriptedModel, type ScriptedAnswer } from './scripted';

/** What the demo's script needs to know. */
export interface DemoOptions {
  /** The command that runs the sample's tests, for the shell of this machine. */
  readonly testCommand: string;
  /** Milliseconds between pieces of text, so that it reads like a model. Default 15. */
  readonly chunkDelayMs?: number;
}

/**
 * The demo: a scripted model that fixes the failing test of the sample workspace. Only its words are scripted; files are
 * read, commands run and the diff is applied, and each step follows from what the tools really returned.
 */
export function demoModel({ testCommand, chunkDelayMs = 15 }: DemoOptions): ModelProvider {
  return scriptedModel((request) => nextStep(callsOfThisTurn(request), testCommand), {
    model: 'demo',
    chunkCharacters: 12,
    chunkDelayMs,
  });
}

interface DoneCall {
  readonly name: string;
  readonly input: JsonValue;
  readonly result: ToolResultContent;
}

const sourceFile = 'src/invoice.js';
const testFile = 'test/run.js';

/** The files by which the sample project is known. */
export const demoFiles: readonly string[] = [sourceFile, testFile];

const wrongLine = 'const tax = net * (taxPercent / 100);';
const rightLine = 'const tax = (net - discount) * (taxPercent / 100);';

function nextStep(done: readonly DoneCall[], testCommand: string): ScriptedAnswer {
  const last = done.findLast((call) => call.name !== 'todo_write');
  if (!last) return look;
  switch (last.name) {
    case 'fs_glob':
      return afterLook(last);
    case 'fs_read':
      return runTests('Now the tests, to see what fails.', testCommand);
    case 'bash_run':
      return afterTests(last, done);
    case 'fs_edit':
      return afterEdit(last, testCommand);
    default:
      return { text: `I did not expect the tool ${last.name} here. The demo ends.` };
  }
}

/** The todo list with so many of its entries done and the next one in progress. */
function todos(completed: number): NonNullable<ScriptedAnswer['calls']>[number] {
  const titles = ['Run the tests', 'Fix what fails', 'Run the tests again'];
  const status = (index: number): string =>
    index < completed ? 'completed' : index === completed ? 'in_progress' : 'pending';
  return {
    name: 'todo_write',
    input: { todos: titles.map((title, index) => ({ id: String(index + 1), title, status: status(index) })) },
  };
}

const look: ScriptedAnswer = {
  text: "I'm the demo model: my words are scripted, what I do is real. I'll look at the project first.",
  calls: [{ name: 'fs_glob', input: { pattern: '**/*.js' } }],
};

function afterLook(glob: DoneCall): ScriptedAnswer {
  const found = JSON.stringify(glob.result);
  const prefix = /"((?:[^"/]+\/)*)src\/invoice\.js"/.exec(found)?.[1];
  if (prefix === undefined)
    return {
      text: `I can only work on the sample project, and there is no \`${sourceFile}\` here. Run **Countersign: Try the Demo** to open it, or choose a real model for your own code.`,
    };
  return {
    text: 'Two files matter: the calculation and its tests. I read both.',
    calls: [
      { name: 'fs_read', input: { path: prefix + sourceFile } },
      { name: 'fs_read', input: { path: prefix + testFile } },
      todos(0),
    ],
  };
}

function runTests(
  text: string,
  testCommand: string,
  before: NonNullable<ScriptedAnswer['calls']> = [],
): ScriptedAnswer {
  return { text, calls: [...before, { name: 'bash_run', input: { cmd: testCommand } }] };
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function afterTests(run: DoneCall, done: readonly DoneCall[]): ScriptedAnswer {
  const edited = done.some((call) => call.name === 'fs_edit' && call.result.ok);
  const output = outputOf(run.result);
  if (!run.result.ok && output === undefined)
    return { text: `The tests did not run: ${reasonOf(run.result)} I stop here.` };
  const failures = (output ?? '').split('\n').filter((line) => line.startsWith('FAILED'));
  if (run.result.ok && !edited)
    return { text: `All tests pass already:\n\n${fenced(lastLine(output))}\n\nThere is nothing to fix.` };
  if (run.result.ok && done.at(-1)?.name === 'todo_write')
    return { text: 'That was the demo. Choose a model to let Countersign work on your own code.' };
  if (run.result.ok)
    return {
      text: `All tests pass now:\n\n${fenced(lastLine(output))}\n\nThe tax was taken from the full price; it is due on the **discounted** price. I changed one line in \`${sourceFile}\`.`,
      calls: [todos(3)],
    };
  if (edited)
    return {
      text: `Tests still fail:\n\n${fenced(failures.join('\n'))}\n\nI stop here, so that you can look at it.`,
    };
  const source = readFile(done, sourceFile);
  if (!source?.includes(wrongLine))
    return {
      text: `Tests fail:\n\n${fenced(failures.join('\n'))}\n\nThe line that I know how to fix is not in \`${sourceFile}\` any more, so I leave it to you.`,
    };
  const path = pathOf(done, sourceFile) ?? sourceFile;
  return {
    text: `One test fails:\n\n${fenced(failures.join('\n'))}\n\nThe comment in \`${sourceFile}\` says that tax is due on the rest after the discount, but the code takes it from the full price. I propose this change:`,
    calls: [todos(1), { name: 'fs_edit', input: { path, old_string: wrongLine, new_string: rightLine } }],
  };
}

function afterEdit(edit: DoneCall, testCommand: string): ScriptedAnswer {
  if (edit.result.ok) return runTests('The change is in. I run the tests again.', testCommand, [todos(2)]);
  const said = edit.result.note === undefined ? '' : ` You said: “${edit.result.note}”.`;
  return { text: `The change did not land: ${edit.result.error}${said} I leave \`${sourceFile}\` as it is.` };
}

/** The calls since the last message that a person wrote, each with its answer. */
function callsOfThisTurn(request: ModelRequest): readonly DoneCall[] {
  const start = request.messages.findLastIndex(
    (message) => message.role === 'user' && message.metadata?.['kind'] === undefined,
  );
  const own = request.messages.slice(start + 1);
  const uses = new Map<CallId, ToolUseBlock>(
    own.flatMap((message) =>
      message.content.flatMap((block) => (block.type === 'tool_use' ? [[block.id, block] as const] : [])),
    ),
  );
  return own.flatMap((message) =>
    message.content.flatMap((block) => {
      const use = block.type === 'tool_result' ? uses.get(block.tool_use_id) : undefined;
      return block.type === 'tool_result' && use ? [{ name: use.name, input: use.input, result: block.content }] : [];
    }),
  );
}

function outputOf(result: ToolResultContent): string | undefined {
  const output = isJsonObject(result.data) ? result.data['output'] : undefined;
  return typeof output === 'string' ? output : undefined;
}

function reasonOf(result: ToolResultContent): string {
  if (result.ok) return '';
  return result.note === undefined ? result.error : `${result.error} You said: “${result.note}”.`;
}

function lastLine(output: string | undefined): string {
  return output?.trimEnd().split('\n').at(-1) ?? '';
}

function readFile(done: readonly DoneCall[], path: string): string | undefined {
  const read = done.findLast((call) => call.name === 'fs_read' && JSON.stringify(call.input).includes(path));
  const content = read?.result.ok && isJsonObject(read.result.data) ? read.result.data['content'] : undefined;
  return typeof content === 'string' ? content : undefined;
}

function pathOf(done: readonly DoneCall[], path: string): string | undefined {
  const read = done.findLast((call) => call.name === 'fs_read' && JSON.stringify(call.input).includes(path));
  const given = isJsonObject(read?.input) ? read.input['path'] : undefined;
  return typeof given === 'string' ? given : undefined;
}
