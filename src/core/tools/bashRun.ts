import type { CommandJudgment, CommandRequest, CommandResult, ResolvedPath, Sandbox } from '../sandbox/sandbox';
import { ToolError } from '../errors';
import type { JsonObject } from '../util/json';
import { assertNever } from '../util/assertNever';
import { objectSchema } from './defineTool';
import { flagArgument, optionalNumber, optionalText, textArgument } from './readArguments';
import type { Floor, RunContext, Tool, ToolOutcome } from './tool';

const defaultTimeoutMs = 120_000;
const maxTimeoutMs = 1_800_000;

export const bashRun: Tool = {
  name: 'bash_run',
  description:
    'Runs a command in the shell (which one: see the environment), in the workspace folder or the one given as `cwd`. Each call is a new shell. There is no input and no terminal, so nothing can ask questions. Returns the exit code and both streams together; beyond 64 KB the middle is left out. When the command ends, what it left running is ended too: start servers and watchers with `background: true`, then use bash_logs and bash_kill. A sandbox may hold commands: no network but allowed hosts, secrets such as .env unreadable, and empty stand-ins like .npmrc may show in listings.',
  inputSchema: objectSchema({
    cmd: { type: 'string', minLength: 1, maxLength: 100_000, description: 'The command line.' },
    cwd: {
      type: 'string',
      minLength: 1,
      required: false,
      description: 'The folder it runs in, in the workspace. Default: the (first) workspace folder.',
    },
    timeout_ms: {
      type: 'integer',
      minimum: 1,
      maximum: maxTimeoutMs,
      default: defaultTimeoutMs,
      description: 'Milliseconds after which it is ended. Default 120000, at most 1800000. Not for background.',
    },
    background: { type: 'boolean', default: false, description: 'Return at once with a shell_id. Default false.' },
    outside: {
      type: 'boolean',
      default: false,
      description:
        'Run it once without the sandbox that holds commands. Only after the sandbox refused something that is really needed: the user is always asked. Default false.',
    },
  }),
  timeout: 'own',
  async plan(args, { sandbox, signal }) {
    const command = textArgument(args, 'cmd');
    const background = flagArgument(args, 'background');
    const timeoutMs = optionalNumber(args, 'timeout_ms') ?? defaultTimeoutMs;
    const outside = flagArgument(args, 'outside');
    const cwd = await folderAt(optionalText(args, 'cwd') ?? '.', sandbox, signal);
    const request = { command, cwd: cwd.path, outside };
    const judgment = await sandbox.commands.judge(request, signal);
    // What only reads is run as it is: a sandbox would cost more than it could save.
    if (judgment.kind === 'harmless' && !background && !outside)
      return {
        effect: 'none',
        subject: { kind: 'command', command, cwd: cwd.display, background, reason: '' },
        run: (ctx) => run({ ...request, outside: true, harmless: true }, timeoutMs, ctx),
      };
    const containment = await sandbox.commands.containment();
    const floor = floorOf(judgment, { background, outside });
    return {
      effect: 'command',
      ...(floor && { floor }),
      subject: {
        ...{ kind: 'command', command, cwd: cwd.display, background, containment, reason: '' },
        ...(outside && { outside }),
      },
      run: (ctx) => (background ? start(request, ctx) : run(request, timeoutMs, ctx)),
    };
  },
};

async function folderAt(path: string, { files }: Sandbox, signal: AbortSignal): Promise<ResolvedPath> {
  const resolved = await files.resolve(path, signal);
  const stat = await files.stat(resolved.path, signal);
  if (stat?.kind === 'directory') return resolved;
  throw new ToolError('not_found', `${JSON.stringify(path)} is not a folder of the workspace.`, {
    advice: 'Nothing was run. Give an existing folder as cwd, or leave it out.',
  });
}

type Request = Pick<CommandRequest, 'command' | 'cwd' | 'outside' | 'harmless'>;

/** What runs in the background or outside of the sandbox is asked each time. */
function floorOf(
  judgment: CommandJudgment,
  { background, outside }: { readonly background: boolean; readonly outside: boolean },
): Floor | undefined {
  if (judgment.kind === 'unguarded') return undefined;
  const each = [
    ...(outside ? ['It would run without the sandbox that holds commands, with all your permissions.'] : []),
    ...(background ? ['It goes on in the background until it is ended.'] : []),
  ];
  if (judgment.kind === 'harmless') return { reasons: each, rules: [] };
  const { reasons, rules, runsWorkspaceCode } = judgment;
  return { reasons: [...each, ...reasons], rules: each.length > 0 ? [] : rules, runsWorkspaceCode };
}

async function run(request: Request, timeoutMs: number, ctx: RunContext): Promise<ToolOutcome> {
  const result = await ctx.sandbox.commands.run({ ...request, timeoutMs, onOutput: ctx.progress }, ctx.signal);
  const data: JsonObject = {
    background: false,
    code: result.code ?? null,
    output: result.output,
    duration_ms: Math.round(result.durationMs),
    ...(result.refused && { refused_by_sandbox: result.refused }),
  };
  const failure = failureOf(result, timeoutMs);
  const note = [failure, result.refused && wayOut].filter((text) => text !== undefined).join(' ');
  return { data, ...(failure !== undefined && { ok: false }), ...(note !== '' && { note }) };
}

const wayOut =
  'The sandbox refused what `refused_by_sandbox` says. Do without it if you can; only if it is really needed, run the command again with `outside: true`: the user is asked.';

function failureOf({ endedBy, code }: CommandResult, timeoutMs: number): string | undefined {
  switch (endedBy) {
    case 'exit':
      return code === 0 ? undefined : `The command ended with exit code ${code ?? 'unknown'}.`;
    case 'signal':
      return 'The command was ended by a signal from outside.';
    case 'timeout':
      return `The command was ended after ${timeoutMs / 1000} s. It may have had part of its effect. Give a longer timeout_ms, or run it in the background.`;
    case 'abort':
      return 'The user stopped the command. It may have had part of its effect.';
    default:
      return assertNever(endedBy);
  }
}

/** Its output is read with bash_logs: the card of this call is done by then. */
async function start(request: Request, ctx: RunContext): Promise<ToolOutcome> {
  const started = await ctx.sandbox.commands.start({ ...request, onOutput: () => undefined }, ctx.signal);
  return {
    data: {
      background: true,
      shell_id: started.id,
      message: `Started. Read its output with bash_logs, end it with bash_kill (shell_id ${JSON.stringify(started.id)}).`,
    },
  };
}
