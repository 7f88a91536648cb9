import { commands, extensions, workspace, type TextDocument } from 'vscode';
import { isJsonObject, type JsonObject } from '../../core/util/json';
import { orAborted } from '../models/orAborted';
import type { FileProblem } from './problemLists';

/** Its own documents' languages, with the section of their settings. */
const sections: ReadonlyMap<string, string> = new Map([
  ['typescript', 'typescript'],
  ['typescriptreact', 'typescript'],
  ['javascript', 'javascript'],
  ['javascriptreact', 'javascript'],
]);

/** How the built-in extension signs its problems. */
export const typeScriptSources: readonly string[] = ['ts', 'js'];

export const isTypeScript = ({ languageId }: TextDocument): boolean => sections.has(languageId);

/** Whether a question is put in line at once: what is edited after it was asked does not change its answer. */
export const isTypeScriptReady = (): boolean =>
  extensions.getExtension('vscode.typescript-language-features')?.isActive === true;

/**
 * The built-in TypeScript extension reports problems of files in tabs only, and keeps silent where an edit leaves none: its
 * server is asked itself. It answers for the text that it was told before, so there is nothing to wait for.
 * Undefined: the extension is not there, has another API, or did not answer before the signal was aborted.
 */
export async function typeScriptProblems(
  document: TextDocument,
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  const section = sections.get(document.languageId);
  if (section === undefined) return undefined;
  if (!workspace.getConfiguration(section, document.uri).get<boolean>('validate.enable', true)) return [];
  try {
    const lists = await Promise.all(
      ['syntacticDiagnosticsSync', 'semanticDiagnosticsSync'].map((request) => ask(request, document, signal)),
    );
    return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
  } catch {
    return undefined;
  }
}

async function ask(
  request: string,
  { uri, languageId }: TextDocument,
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  const asked = commands.executeCommand('typescript.tsserverRequest', request, { file: uri });
  const answer = await orAborted(Promise.resolve(asked), signal);
  const body = isJsonObject(answer) && answer['type'] === 'response' ? answer['body'] : undefined;
  if (!Array.isArray(body)) return undefined;
  const source = languageId.startsWith('typescript') ? 'ts' : 'js';
  return body.flatMap((one) => (isJsonObject(one) ? (problemOf(one, source) ?? []) : []));
}

/** As TypeScript's own protocol has it: `{start: {line, offset}, text, category, code}`, counted from 1. */
function problemOf({ start, text, category, code }: JsonObject, source: string): FileProblem | undefined {
  if (!isJsonObject(start) || typeof text !== 'string') return undefined;
  const { line, offset } = start;
  if (typeof line !== 'number' || typeof offset !== 'number') return undefined;
  const severity = category === 'error' || category === 'warning' ? category : 'hint';
  return {
    severity,
    line,
    column: offset,
    message: text,
    source,
    ...(typeof code === 'number' && { code: `${code}` }),
  };
}
