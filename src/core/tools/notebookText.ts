import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';

/** Of one output; what is beyond is said. */
const maxOutputCharacters = 2_000;

/**
 * A Jupyter notebook as people read it: each cell under a line with its number and kind, its outputs as text below it, shortened.
 * Undefined: the text is no notebook (format 4, https://nbformat.readthedocs.io).
 */
export function notebookText(json: string): string | undefined {
  const notebook = parsed(json);
  const cells = isJsonObject(notebook) ? notebook['cells'] : undefined;
  if (!isJsonObject(notebook) || !Array.isArray(cells)) return undefined;
  const language = languageOf(notebook);
  const parts = (cells as readonly JsonValue[]).map((cell, index) =>
    isJsonObject(cell) ? cellText(cell, index + 1, language) : `[cell ${index + 1}] damaged`,
  );
  return parts.length === 0 ? '[no cells]\n' : `${parts.join('\n\n')}\n`;
}

function parsed(json: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(json) as JsonValue;
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function languageOf(notebook: JsonObject): string {
  const metadata = isJsonObject(notebook['metadata']) ? notebook['metadata'] : {};
  for (const key of ['language_info', 'kernelspec']) {
    const info = metadata[key];
    const name = isJsonObject(info) ? info[key === 'kernelspec' ? 'language' : 'name'] : undefined;
    if (typeof name === 'string') return name;
  }
  return 'code';
}

function cellText(cell: JsonObject, number: number, language: string): string {
  const kind = typeof cell['cell_type'] === 'string' ? cell['cell_type'] : 'unknown';
  const count = cell['execution_count'];
  const title = [
    `[cell ${number}] ${kind}`,
    ...(kind === 'code' ? [` (${language})`] : []),
    ...(typeof count === 'number' ? [`, run ${count}`] : []),
  ].join('');
  const outputs: readonly JsonValue[] = Array.isArray(cell['outputs']) ? cell['outputs'] : [];
  const shown = outputs.map(
    (output) => `[cell ${number} output] ${isJsonObject(output) ? outputText(output) : 'damaged'}`,
  );
  return [title, joined(cell['source']), ...shown].join('\n');
}

function outputText(output: JsonObject): string {
  if (output['output_type'] === 'error')
    return shortened(`${joined(output['ename'])}: ${joined(output['evalue'])}\n${joined(output['traceback'], '\n')}`);
  if (output['output_type'] === 'stream') return shortened(joined(output['text']));
  const data = isJsonObject(output['data']) ? output['data'] : {};
  const others = Object.keys(data).filter((type) => type !== 'text/plain');
  const plain = data['text/plain'];
  return [
    ...(plain === undefined ? [] : [shortened(joined(plain))]),
    ...(others.length === 0 ? [] : [`(also as ${others.join(', ')}, left out)`]),
  ].join('\n');
}

/** Text stands as one string or as its lines. */
function joined(value: JsonValue | undefined, between = ''): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return (value as readonly JsonValue[]).filter((line) => typeof line === 'string').join(between);
}

/** What programs write for terminals. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

function shortened(text: string): string {
  const plain = text.replaceAll(colours, '').trimEnd();
  if (plain.length <= maxOutputCharacters) return plain;
  const kept = plain.slice(0, maxOutputCharacters).replace(/\p{Cs}$/u, '');
  return `${kept}… (${plain.length - kept.length} more characters)`;
}
