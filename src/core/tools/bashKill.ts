import { unknownCommand } from './bashLogs';
import { defineTool } from './defineTool';
import { textArgument } from './readArguments';

/** Without effect for the permission modes: it ends only what the agent itself has started. */
export const bashKill = defineTool({
  name: 'bash_kill',
  description: 'Ends a background command with all its processes and returns the rest of its output.',
  params: { shell_id: { type: 'string', minLength: 1, description: 'From bash_run with background: true.' } },
  attributes: { noEffect: true },
  async exec(args, { sandbox }) {
    const id = textArgument(args, 'shell_id');
    const command = await sandbox.commands.kill(id);
    if (!command) throw unknownCommand(id);
    return { ok: true, shell_id: id, status: command.status, code: command.code ?? null, output: command.output };
  },
});
