import type { CommandJudgment, CommandRequest } from '../../core/sandbox/sandbox';
import type { PathBox } from '../pathBox';
import type { Shell } from './shell';

export interface JudgePorts {
  readonly box: PathBox;
  readonly shell: Shell;
}

/** Whether a command line may run unasked. What cannot be judged is asked. */
export async function judgeCommand(
  { command, cwd }: Pick<CommandRequest, 'command' | 'cwd'>,
  { box }: JudgePorts,
  signal: AbortSignal,
): Promise<CommandJudgment> {
  const folder = await box.resolve(cwd, signal);
  return {
    kind: 'ask',
    reasons: ['It runs a command with your permissions.'],
    rules: [{ kind: 'line', text: command, cwd: folder.display }],
    runsWorkspaceCode: true,
  };
}
