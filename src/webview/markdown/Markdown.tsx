import { memo } from 'preact/compat';
import { useMemo, useRef } from 'preact/hooks';
import { CopyButton } from '../ui/CopyButton';
import { emptySplit, splitBlocks, type MarkdownBlock } from './blocks';
import { blockHtml, codeHtml } from './html';

/** Markdown of the model. While it streams only its last block is rendered again; what comes before keeps its elements. */
export function Markdown({ text, open }: { readonly text: string; readonly open: boolean }) {
  const split = useRef(emptySplit);
  split.current = splitBlocks(split.current, text, !open);
  return (
    <div class="markdown">
      {split.current.blocks.map((block) => (
        <Block key={block.key} block={block} />
      ))}
    </div>
  );
}

const Block = memo(BlockView, (before, after) => sameBlock(before.block, after.block));

function BlockView({ block }: { readonly block: MarkdownBlock }) {
  return block.kind === 'code' ? <CodeBlock block={block} /> : <HtmlBlock block={block} />;
}

function HtmlBlock({ block }: { readonly block: Extract<MarkdownBlock, { kind: 'markdown' }> }) {
  return <div class="block" dangerouslySetInnerHTML={{ __html: blockHtml(block.token) }} />;
}

function CodeBlock({ block }: { readonly block: Extract<MarkdownBlock, { kind: 'code' }> }) {
  const { code, language, closed } = block;
  const html = useMemo(() => (closed ? codeHtml(code, language) : undefined), [code, language, closed]);
  return (
    <div class="code-block">
      <div class="code-head">
        <span class="code-language">{language === '' ? 'text' : language}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      <pre tabIndex={0} aria-label={`Code${language === '' ? '' : ` in ${language}`}`} role="group">
        {html === undefined ? <code>{code}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}
      </pre>
    </div>
  );
}

function sameBlock(before: MarkdownBlock, after: MarkdownBlock): boolean {
  if (before === after) return true;
  if (before.kind === 'code' && after.kind === 'code')
    return before.code === after.code && before.language === after.language && before.closed === after.closed;
  return before.kind === 'markdown' && after.kind === 'markdown' && before.source === after.source;
}
