import * as path from 'node:path';
import { SandboxError, type SandboxErrorCode } from '../core/errors';

/** The rules of a platform; Windows' are tested on every platform. */
export type PathRules = 'posix' | 'win32';
export const hostPathRules: PathRules = process.platform === 'win32' ? 'win32' : 'posix';

const maxPathCharacters = 4_096;

/**
 * Looks at a path that a model wrote, before the disk is asked. Nothing is decoded or expanded: `%2e%2e` is a name.
 * @throws SandboxError for whatever has a meaning beyond a plain path.
 */
export function checkLexically(input: string, rules: PathRules): void {
  if (input === '')
    throw refused('empty_path', input, 'The path is empty.', 'Give a path; `.` is the workspace folder.');
  if (input.length > maxPathCharacters)
    throw refused(
      'too_long',
      `${input.slice(0, 60)}…`,
      `It has ${input.length} characters.`,
      'At most 4,096 are allowed.',
    );
  if (/\p{Cc}/u.test(input))
    throw refused('control_characters', input, 'It holds control characters.', 'Give the path without them.');
  if (/\p{Cs}/u.test(input))
    throw refused('control_characters', input, 'It holds half of a character.', 'Give the whole name.');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(input))
    throw refused('uri', input, 'It is a URI.', 'Give a path of the workspace instead.');
  if (/^~($|[\\/])/.test(input))
    throw refused(
      'home_path',
      input,
      'The home folder is not expanded.',
      'Give a path relative to the workspace folder.',
    );
  if (rules === 'win32') checkWindowsRules(input);
}

/** Whether `target` is `folder` or below it. Both absolute and normalized; names that only begin alike are not inside. */
export function isInside(folder: string, target: string, rules: PathRules, ignoreCase: boolean): boolean {
  const fold = (text: string): string => (ignoreCase ? text.normalize('NFC').toLowerCase() : text);
  const relative = path[rules].relative(fold(folder), fold(target));
  const leaves = relative === '..' || relative.startsWith(`..${path[rules].sep}`);
  return !leaves && !path[rules].isAbsolute(relative);
}

const deviceName = /^(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\..*)?$/i;

function checkWindowsRules(input: string): void {
  const refuse = (reason: string): never => {
    throw refused(
      'windows_path',
      input,
      reason,
      'Give a plain path relative to the workspace folder, for example src/main.ts.',
    );
  };
  if (/^[\\/]{2}/.test(input)) refuse('Network and device paths are not allowed.');
  if (/^[a-z]:(?![\\/])/i.test(input)) refuse('It depends on the current folder of a drive.');
  if (/^[\\/]/.test(input)) refuse('It depends on the current drive.');
  const names = input.replace(/^[a-z]:/i, '').split(/[\\/]+/);
  for (const name of names) {
    if (name === '' || name === '.' || name === '..') continue;
    if (name.includes(':')) refuse('Alternate data streams are not allowed.');
    if (deviceName.test(name)) refuse(`${JSON.stringify(name)} is a device.`);
    if (/[. ]$/.test(name)) refuse('Windows drops dots and blanks at the end of a name.');
    if (/[<>"|?*]/.test(name)) refuse(`${JSON.stringify(name)} holds characters that no name can have.`);
  }
}

function refused(code: SandboxErrorCode, input: string, reason: string, advice: string): SandboxError {
  return new SandboxError(code, `The path ${JSON.stringify(input)} is refused. ${reason}`, { advice });
}
