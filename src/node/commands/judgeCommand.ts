import type { CommandJudgment, CommandRequest } from '../../core/sandbox/sandbox';
import type { PathBox } from '../pathBox';
import type { Shell } from './shell';
import { errorText } from '../../core/util/errorText';

export interface JudgePorts {
  readonly box: PathBox;
  readonly shell: Shell;
  /** The environment that commands get. Default: this process's. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Default: this machine's. */
  readonly platform?: NodeJS.Platform;
}

/** Whether a command line may run unasked. What cannot be judged is asked. Starts nothing but git, to ask what it knows. */
export async function judgeCommand(
  { command, cwd }: Pick<CommandRequest, 'command' | 'cwd'>,
  { box, shell, variables = process.env, platform = process.platform }: JudgePorts,
  signal: AbortSignal,
): Promise<CommandJudgment> {
  // Git's bash hands words on to programs by the rules of Windows, which nothing here knows.
  if (shell.name === 'PowerShell' || platform === 'win32')
    return asked(`It runs a command with your permissions: on Windows every command asks.`);
  try {
    const folder = await box.resolve(cwd, signal);
    const { guardCommand } = await import('./guardCommand');
    return await guardCommand(command, folder.path, box, variables, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return asked(`It could not be judged: ${errorText(error)}`);
  }
}

function asked(reason: string): CommandJudgment {
  return { kind: 'ask', reasons: [reason], rules: [], runsWorkspaceCode: true };
}
