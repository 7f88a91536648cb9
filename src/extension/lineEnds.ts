import { differingLines } from '../core/edits/differingLines';

/** How the lines of a text end. 'mixed' also stands for any lone carriage return; 'none': the text is one line. */
export type LineEnds = 'none' | 'lf' | 'crlf' | 'mixed';

export function lineEndsOf(text: string): LineEnds {
  const feeds = count(text, /\n/g);
  const returns = count(text, /\r/g);
  if (feeds === 0 && returns === 0) return 'none';
  if (returns === 0) return 'lf';
  return feeds === returns && count(text, /\r\n/g) === feeds ? 'crlf' : 'mixed';
}

/** The text as the editor compares it: every line break (a lone carriage return too) is one line feed. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/**
 * `edited` comes from an editor, which knows one line end for a whole document. Gives each line that `model` has too the
 * end that it has there, else the one that it has in one of `others`, and a new line the end of the line before it.
 */
export function withLineEndsOf(model: string, edited: string, others: readonly string[] = []): string {
  const models = [model, ...others];
  const kinds = new Set(models.map(lineEndsOf).filter((ends) => ends !== 'none'));
  const [ends = 'none'] = kinds;
  switch (kinds.size > 1 ? 'mixed' : ends) {
    case 'none':
      return edited;
    case 'lf':
      return withLineFeeds(edited);
    case 'crlf':
      return withLineFeeds(edited).replace(/\n/g, '\r\n');
    case 'mixed':
      return withMixedEnds(models.map(splitLines), splitLines(edited));
  }
}

interface Line {
  readonly text: string;
  /** Empty for the last line. */
  readonly end: string;
}

function withMixedEnds(models: readonly (readonly Line[])[], edited: readonly Line[]): string {
  const known = new Map<number, string>();
  for (const model of models) if (known.size < edited.length) noteKnownEnds(known, model, edited);
  let lastEnd = models.flat().find((line) => line.end !== '')?.end ?? '\n';
  let result = '';
  for (const [index, { text, end: breaks }] of edited.entries()) {
    lastEnd = known.get(index) ?? lastEnd;
    // After a lone carriage return an empty line's feed would melt with it into one line end.
    const end = lastEnd === '\n' && text === '' && result.endsWith('\r') ? '\r\n' : lastEnd;
    result += text + (breaks === '' ? '' : end);
  }
  return result;
}

/** The ends of the lines that the model has too, where none is known yet. */
function noteKnownEnds(known: Map<number, string>, model: readonly Line[], edited: readonly Line[]): void {
  let [modelAt, editedAt] = [0, 0];
  const note = (count: number): void => {
    for (let offset = 0; offset < count; offset++) {
      const end = model[modelAt + offset]?.end ?? '';
      if (end !== '' && !known.has(editedAt + offset)) known.set(editedAt + offset, end);
    }
  };
  for (const { oldStart, oldEnd, freshEnd } of differingLines(textsOf(model), textsOf(edited))) {
    note(oldStart - modelAt);
    [modelAt, editedAt] = [oldEnd, freshEnd];
  }
  note(model.length - modelAt);
}

function splitLines(text: string): Line[] {
  const pieces = text.split(/(\r\n|\r|\n)/);
  const lines: Line[] = [];
  for (let index = 0; index < pieces.length; index += 2)
    lines.push({ text: pieces[index] ?? '', end: pieces[index + 1] ?? '' });
  return lines;
}

const textsOf = (lines: readonly Line[]): string[] => lines.map((line) => line.text);

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _match of text.matchAll(pattern)) found++;
  return found;
}
