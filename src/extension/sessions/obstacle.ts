import { SandboxError } from '../../core/errors';

/** What keeps agents from working in this window at all; undefined: nothing. */
export function obstacleOf(workspace: {
  readonly isTrusted: boolean;
  readonly hasFolder: boolean;
}): SandboxError | undefined {
  if (!workspace.isTrusted)
    return new SandboxError('no_workspace', 'This workspace is not trusted, so the agent does nothing in it.', {
      advice: 'Trust it with "Countersign: Manage Workspace Trust", then try again.',
    });
  if (!workspace.hasFolder)
    return new SandboxError('no_workspace', 'No folder is open that the agent could work in.', {
      advice: 'Open a folder, or try the demo.',
    });
  return undefined;
}
