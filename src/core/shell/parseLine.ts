import { parse, type Command, type PipelineNode, type Redirection, type Word, type WordPart } from 'unbash';
import { scan, type Redirect, type SimpleCommand, type Unclear } from './scan';

/**
 * A command line as the commands that it runs. Two readers have to agree on every word of it: our scanner, which knows only
 * what all shells share, and a parser of all of bash. Where one of them stumbles or sees something else, it is unclear.
 */
export function parseLine(line: string): readonly SimpleCommand[] | Unclear {
  const commands = scan(line);
  if ('reason' in commands) return commands;
  const parsed = parsedCommands(line);
  const same = parsed !== undefined && JSON.stringify(parsed) === JSON.stringify(commands.map(canonical));
  return same ? commands : { reason: 'It cannot be said for certain how the shell reads it.' };
}

const canonical = ({ before, words, redirects }: SimpleCommand): SimpleCommand => ({
  before,
  words,
  redirects: redirects.map(({ fd, kind, target }) => ({ fd, kind, target })),
});

/** Undefined for every node that is not on this list. */
function parsedCommands(line: string): readonly SimpleCommand[] | undefined {
  const { commands, errors, shebang } = parse(line);
  if ((errors && errors.length > 0) || shebang !== undefined || commands.length === 0) return undefined;
  const found: SimpleCommand[] = [];
  for (const [index, { command, background }] of commands.entries()) {
    if (background) return undefined;
    const nodes = command.type === 'AndOr' ? command.commands : [command];
    const operators = command.type === 'AndOr' ? command.operators : [];
    for (const [place, node] of nodes.entries()) {
      const before = place > 0 ? operators[place - 1] : index > 0 ? ';' : undefined;
      const pipeline = pipelineOf(node, before);
      if (!pipeline) return undefined;
      found.push(...pipeline);
    }
  }
  return found;
}

function pipelineOf(node: PipelineNode, before: SimpleCommand['before']): readonly SimpleCommand[] | undefined {
  if (node.type === 'Command') return all([simpleOf(node, before)]);
  if (node.type !== 'Pipeline' || node.prefixes.length > 0 || node.operators.some((operator) => operator !== '|'))
    return undefined;
  return all(
    node.commands.map((command, index) =>
      command.type === 'Command' ? simpleOf(command, index === 0 ? before : '|') : undefined,
    ),
  );
}

function simpleOf({ name, prefix, suffix }: Command, before: SimpleCommand['before']): SimpleCommand | undefined {
  const words: (string | undefined)[] = [];
  const redirects: (Redirect | undefined)[] = [];
  for (const item of [...prefix, ...(name ? [name] : []), ...suffix])
    switch (item.type) {
      case 'Word':
        words.push(textOf(item));
        break;
      case 'Redirect':
        redirects.push(redirectOf(item));
        break;
      case 'Assignment':
      case 'HereDoc':
      case 'HereString':
      default:
        return undefined;
    }
  const [allWords, allRedirects] = [all(words), all(redirects)];
  return allWords && allRedirects && { before, words: allWords, redirects: allRedirects };
}

function redirectOf(redirect: Redirection): Redirect | undefined {
  if (redirect.type !== 'Redirect' || !redirect.target) return undefined;
  const { operator, descriptor } = redirect;
  const target = textOf(redirect.target);
  const kind = (
    new Map([
      ['<', 'read'],
      ['>', 'write'],
      ['>>', 'append'],
      ['>&', 'dup'],
    ]) as ReadonlyMap<string, Redirect['kind']>
  ).get(operator);
  if (!kind || target === undefined || descriptor?.type === 'FileDescriptorVariable') return undefined;
  return { fd: descriptor?.value ?? (kind === 'read' ? 0 : 1), kind, target };
}

function textOf({ value, parts }: Word): string | undefined {
  return (parts ?? []).every(isPlain) ? value : undefined;
}

function isPlain(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every(({ type }) => type === 'Literal');
  return part.type === 'Literal' || part.type === 'SingleQuoted';
}

function all<Item>(items: readonly (Item | undefined)[]): readonly Item[] | undefined {
  const found = items.filter((item) => item !== undefined);
  return found.length === items.length ? found : undefined;
}
