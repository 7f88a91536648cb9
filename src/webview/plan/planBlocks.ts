import { marked, type Token, type Tokens } from 'marked';

/** A piece of a plan that can be commented on: a heading, a paragraph, one point of a list. */
export interface PlanBlock {
  /** Its first line, from 1. */
  readonly line: number;
  /** That line as it stands there, at most 300 characters. */
  readonly quote: string;
  /** Undefined: shown as it stands there. */
  readonly token: Token | undefined;
  readonly source: string;
}

const quoteCharacters = 300;

/** A plan in pieces. Nothing of it is left out: what Markdown would not show stands there as text. */
export function planBlocks(text: string): readonly PlanBlock[] {
  const source = text.replace(/\r\n?/g, '\n');
  const blocks: PlanBlock[] = [];
  let offset = 0;
  for (const token of marked.lexer(source)) {
    let from = offset;
    for (const piece of piecesOf(token)) {
      const written = piece.raw.trim();
      if (written === '') continue;
      // The points of a list are told without all of the blanks between them.
      const start = Math.max(source.indexOf(written, from), from);
      blocks.push(blockOf(piece, source.slice(0, start).split('\n').length));
      from = start + written.length;
    }
    offset += token.raw.length;
  }
  return blocks;
}

function blockOf(token: Token, line: number): PlanBlock {
  const source = token.raw.trim();
  const quote = (source.split('\n', 1)[0] ?? '').slice(0, quoteCharacters);
  // Markdown shows nothing of a definition, and the model's word for where a link leads is no reason to hide it.
  return { line, quote, source, token: token.type === 'def' ? undefined : token };
}

/** The points of a list one by one, each with its number. */
function piecesOf(token: Token): readonly Token[] {
  if (!isList(token)) return [token];
  const first = typeof token.start === 'number' ? token.start : 1;
  return token.items.map((item, index): Tokens.List => ({
    ...token,
    start: token.ordered ? first + index : '',
    items: [item],
    raw: item.raw,
  }));
}

function isList(token: Token): token is Tokens.List {
  return token.type === 'list';
}
