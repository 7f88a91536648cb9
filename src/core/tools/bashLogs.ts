import { ToolError } from '../errors';
import { defineTool } from './defineTool';
import { textArgument } from './readArguments';

export const bashLogs = defineTool({
  name: 'bash_logs',
  description:
    'What a background command has written since the last look (at most its last 64 KB), whether it still runs, and its exit code when it has ended.',
  params: { shell_id: { type: 'string', minLength: 1, description: 'From bash_run with background: true.' } },
  attributes: { readonly: true },
  exec(args, { sandbox }) {
    const id = textArgument(args, 'shell_id');
    const command = sandbox.commands.logs(id);
    if (!command) throw unknownCommand(id);
    const { status, code, output } = command;
    return { status, running: status === 'running', code: code ?? null, output };
  },
});

export function unknownCommand(id: string): ToolError {
  return new ToolError('not_found', `There is no background command ${JSON.stringify(id)}.`, {
    advice: 'Use the shell_id that bash_run gave you. Background commands end with the session.',
  });
}
