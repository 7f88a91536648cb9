import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/util/json';
import type { IconName } from '../ui/icons';

/** How a call is named for people: "Read src/a.ts", "Run npm test". */
export interface ToolLabel {
  readonly icon: IconName;
  readonly verb: string;
  readonly target: string;
  /** Whether the target is code or a name (in the editor's font), or words of ours. */
  readonly targetKind: 'code' | 'words';
  /** The file that the target names, so that a click opens it. */
  readonly path?: string;
}

type Labeller = (input: JsonObject) => ToolLabel;

const labellers = new Map<string, Labeller>([
  ['fs_read', (input) => ({ icon: 'file', verb: 'Read', ...fileTarget(input) })],
  ['fs_write', (input) => ({ icon: 'edit', verb: 'Write', ...fileTarget(input) })],
  ['fs_edit', (input) => ({ icon: 'edit', verb: 'Edit', ...fileTarget(input) })],
  ['fs_multi_edit', (input) => ({ icon: 'edit', verb: 'Edit', ...severalFiles(input) })],
  ['fs_glob', (input) => ({ icon: 'search', verb: 'Find', ...code(input['pattern']) })],
  ['fs_grep', (input) => ({ icon: 'search', verb: 'Search', ...code(input['pattern']) })],
  ['diagnostics', (input) => ({ icon: 'search', verb: 'Look for problems in', ...fileOr(input, 'the workspace') })],
  ['symbols', (input) => ({ icon: 'search', verb: 'List symbols of', ...symbolsTarget(input) })],
  ['definition', (input) => ({ icon: 'search', verb: 'Find the definition of', ...code(input['name']) })],
  ['references', (input) => ({ icon: 'search', verb: 'Find uses of', ...code(input['name']) })],
  ['rename', (input) => ({ icon: 'edit', verb: 'Rename', ...renameTarget(input) })],
  ['bash_run', (input) => ({ icon: 'terminal', verb: 'Run', ...code(input['cmd']) })],
  ['bash_logs', (input) => ({ icon: 'terminal', verb: 'Read output of', ...code(input['shell_id']) })],
  ['bash_kill', (input) => ({ icon: 'terminal', verb: 'End', ...code(input['shell_id']) })],
  ['web_fetch', (input) => ({ icon: 'globe', verb: 'Fetch', ...code(input['url']) })],
  ['ask_user', (input) => ({ icon: 'ask', verb: 'Ask', target: textOf(input['question']), targetKind: 'words' })],
  [
    'present_plan',
    (input) => ({ icon: 'list', verb: 'Plan', target: textOf(input['title']) || 'the work', targetKind: 'words' }),
  ],
  ['apply_patch', () => ({ icon: 'edit', verb: 'Apply', target: 'a patch', targetKind: 'words' })],
  ['task_run', (input) => ({ icon: 'tool', verb: 'Delegate to', ...code(input['agentTemplateId']) })],
  ['skills', (input) => ({ icon: 'tool', verb: 'Load skill', ...code(input['skill_name']) })],
  ['todo_read', () => ({ icon: 'list', verb: 'Read', target: 'the task list', targetKind: 'words' })],
  ['todo_write', () => ({ icon: 'list', verb: 'Update', target: 'the task list', targetKind: 'words' })],
]);

export function toolLabel(call: Pick<ToolCallSnapshot, 'name' | 'input'>): ToolLabel {
  const input = isJsonObject(call.input) ? call.input : {};
  return labellers.get(call.name)?.(input) ?? { icon: 'tool', verb: 'Use', target: call.name, targetKind: 'code' };
}

type Target = Pick<ToolLabel, 'target' | 'targetKind' | 'path'>;

const code = (value: JsonValue | undefined): Target => ({ target: textOf(value), targetKind: 'code' });

const fileTarget = (input: JsonObject): Target => fileOr(input, 'a file');

function fileOr(input: JsonObject, otherwise: string): Target {
  const path = textOf(input['path']);
  return path === '' ? { target: otherwise, targetKind: 'words' } : { target: path, targetKind: 'code', path };
}

function symbolsTarget(input: JsonObject): Target {
  return textOf(input['path']) === '' ? code(input['query']) : fileTarget(input);
}

function renameTarget(input: JsonObject): Target {
  return { target: `${textOf(input['name'])} → ${textOf(input['new_name'])}`, targetKind: 'code' };
}

function severalFiles(input: JsonObject): Target {
  const edits = Array.isArray(input['edits']) ? input['edits'] : [];
  const paths = new Set(edits.map((edit: JsonValue) => (isJsonObject(edit) ? textOf(edit['path']) : '')));
  const [first = ''] = paths;
  return paths.size === 1 && first !== ''
    ? { target: first, targetKind: 'code', path: first }
    : { target: `${paths.size} files`, targetKind: 'words' };
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
