import { diffArrays } from 'diff';

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
 * end that it has there, and a new line the end of the line before it.
 */
export function withLineEndsOf(model: string, edited: string): string {
  const ends = lineEndsOf(model);
  switch (ends) {
    case 'none':
      return edited;
    case 'lf':
      return withLineFeeds(edited);
    case 'crlf':
      return withLineFeeds(edited).replace(/\n/g, '\r\n');
    case 'mixed':
      return withMixedEnds(splitLines(model), splitLines(edited));
  }
}

interface Line {
  readonly text: string;
  /** Empty for the last line. */
  readonly end: string;
}

function withMixedEnds(model: readonly Line[], edited: readonly Line[]): string {
  const parts = diffArrays(textsOf(model), textsOf(edited), { timeout: 1_000 });
  let lastEnd = model.find((line) => line.end !== '')?.end ?? '\n';
  let result = '';
  let modelIndex = 0;
  let editedIndex = 0;
  // Where the two are too different for a diff in time, every line counts as new.
  for (const part of parts ?? [{ value: textsOf(edited), added: true, removed: false }]) {
    if (part.removed) {
      modelIndex += part.value.length;
      continue;
    }
    for (const text of part.value) {
      const kept = part.added ? undefined : model[modelIndex++];
      if (kept && kept.end !== '') lastEnd = kept.end;
      const isLast = edited[editedIndex++]?.end === '';
      // After a lone carriage return an empty line's feed would melt with it into one line end.
      const end = lastEnd === '\n' && text === '' && result.endsWith('\r') ? '\r\n' : lastEnd;
      result += text + (isLast ? '' : end);
    }
  }
  return result;
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
