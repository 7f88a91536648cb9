import { marked, type Token, type Tokens } from 'marked';

/** One block of a markdown text: a fence of code, or anything else as its source. */
export type MarkdownBlock = { readonly key: number } & (
  | { readonly kind: 'markdown'; readonly token: Token; readonly source: string }
  | { readonly kind: 'code'; readonly language: string; readonly code: string; readonly closed: boolean }
);

/** What was split so far. Frozen blocks keep their identity, so that only the last one is rendered again. */
export interface BlockSplit {
  /** The source of the frozen blocks. */
  readonly frozenSource: string;
  readonly frozen: readonly MarkdownBlock[];
  readonly blocks: readonly MarkdownBlock[];
}

export const emptySplit: BlockSplit = { frozenSource: '', frozen: [], blocks: [] };

/**
 * Splits a growing text. Only what follows the frozen blocks is lexed; all blocks but the last freeze. Pure: pass the
 * previous result for the same text's beginning, or `emptySplit`. A text that does not go on from there starts anew.
 */
export function splitBlocks(previous: BlockSplit, text: string, finished: boolean): BlockSplit {
  const source = text.replace(/\r\n?/g, '\n');
  const { frozenSource, frozen } = source.startsWith(previous.frozenSource) ? previous : emptySplit;
  const tokens = marked.lexer(source.slice(frozenSource.length));
  const lastIndex = tokens.findLastIndex((token) => token.type !== 'space');
  const head = tokens.slice(0, Math.max(lastIndex, 0));
  const tail = tokens.slice(Math.max(lastIndex, 0));
  const nowFrozen = [...frozen, ...toBlocks(head, frozen.length, true)];
  const open = toBlocks(tail, nowFrozen.length, finished);
  return {
    frozenSource: frozenSource + head.map((token) => token.raw).join(''),
    frozen: nowFrozen,
    blocks: [...nowFrozen, ...open],
  };
}

function toBlocks(tokens: readonly Token[], firstKey: number, closed: boolean): readonly MarkdownBlock[] {
  return tokens
    .filter((token) => token.type !== 'space' && token.type !== 'def')
    .map((token, index): MarkdownBlock => {
      const key = firstKey + index;
      if (!isCode(token)) return { key, kind: 'markdown', token, source: token.raw };
      const { lang = '', text } = token;
      return {
        key,
        kind: 'code',
        language: lang.trim().split(/\s/, 1)[0] ?? '',
        code: text,
        closed,
      };
    });
}

function isCode(token: Token): token is Tokens.Code {
  return token.type === 'code';
}
