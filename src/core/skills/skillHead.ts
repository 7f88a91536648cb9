import { dataLine } from '../util/dataLine';

export type SkillHead =
  | { readonly kind: 'head'; readonly description: string }
  /** `reason`: a sentence for people. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The Agent Skills format (agentskills.io) allows as many. */
const maxDescription = 1_024;

class Refusal extends Error {}

/**
 * Reads the YAML between the `---` lines at the top of a SKILL.md: `name` (that of the folder) and `description`. Of YAML it
 * knows keys with plain, quoted and block texts; other keys are passed over and give no rights. Anything else is refused, never guessed.
 */
export function readSkillHead(text: string, folder: string): SkillHead {
  try {
    const values = readKeys(headLines(text));
    const [name, description] = [textOf(values, 'name'), textOf(values, 'description')];
    if (name !== folder) throw new Refusal(`Its name is ${JSON.stringify(name)}, but its folder is called otherwise.`);
    const line = dataLine(description, maxDescription);
    if (line === '') throw new Refusal('Its description is empty.');
    return { kind: 'head', description: line };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

function headLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) throw new Refusal('It does not begin with YAML between two lines of `---`.');
  return lines.slice(1, end);
}

/** A key with what follows it on its line, and the lines that are indented under it. */
interface Entry {
  readonly key: string;
  readonly value: string;
  readonly below: string[];
}

function readKeys(lines: readonly string[]): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  let last: Entry | undefined;
  for (const [index, line] of lines.entries()) {
    const belongs = line.trim() === '' || /^( |- |-$)/.test(line);
    if (belongs) {
      if (last) last.below.push(line);
      else if (line.trim() !== '') throw notUnderstood(line, index);
      continue;
    }
    if (line.startsWith('#')) continue;
    const [, key, value = ''] = /^([A-Za-z][\w-]*):(?: +(.*))?$/.exec(line) ?? [];
    if (key === undefined) throw notUnderstood(line, index);
    if (entries.has(key)) throw new Refusal(`The key ${key} stands in it twice.`);
    last = { key, value: value.trim(), below: [] };
    entries.set(key, last);
  }
  return entries;
}

// The line 0 is the second one of the file.
const notUnderstood = (line: string, index: number): Refusal =>
  new Refusal(`Line ${index + 2} is not understood: ${JSON.stringify(dataLine(line, 80))}.`);

function textOf(entries: ReadonlyMap<string, Entry>, key: string): string {
  const entry = entries.get(key);
  if (!entry) throw new Refusal(`It has no ${key}.`);
  const { value, below } = entry;
  if (/^[|>][+-]?( +#.*)?$/.test(value)) return below.map((line) => line.trim()).join(' ');
  const written = [value, ...below.map((line) => line.trim())].filter((part) => part !== '').join(' ');
  return value.startsWith('"') || value.startsWith("'") ? quoted(key, written) : plain(key, written);
}

function quoted(key: string, written: string): string {
  const [, double, single] = /^(?:("(?:[^"\\]|\\.)*")|'((?:[^']|'')*)')(?: +#.*)?$/.exec(written) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  try {
    const text: unknown = JSON.parse(double ?? '');
    if (typeof text === 'string') return text;
  } catch (cause) {
    throw new Refusal(`The quotes of its ${key} are not understood.`, { cause });
  }
  throw new Refusal(`The quotes of its ${key} are not understood.`);
}

/** YAML would read more into such a text than a text. */
function plain(key: string, written: string): string {
  const text = written.replace(/(^| )#.*$/, '').trim();
  if (/^[-?:,[\]{}&*!|>%@`]/.test(text) || /:( |$)/.test(text))
    throw new Refusal(`Its ${key} is not a plain text; put it in double quotes.`);
  return text;
}
