import { ToolError } from '../errors';

export function fileNotFound(display: string): ToolError {
  return new ToolError('not_found', `There is no file ${JSON.stringify(display)}.`, {
    advice: 'Look for it with fs_glob; paths are relative to the workspace folder.',
  });
}
