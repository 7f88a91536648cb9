import { SymbolKind, type DocumentSymbol, type Position, type SymbolInformation, type Uri } from 'vscode';
import type { SourceSymbol } from '../../core/sandbox/sourcePlaces';
import type { Places } from './places';

/** A symbol with its file as the editor names it; lines and columns from 0. */
export interface FoundSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly uri: Uri;
  readonly start: Position;
  readonly endLine: number | undefined;
  readonly container: string;
}

/** A file's outline as one list, what stands inside of others after them. The editor's answers are of no class: only their fields tell. */
export function outlineOf(
  uri: Uri,
  symbols: readonly (DocumentSymbol | SymbolInformation)[],
  container = '',
): readonly FoundSymbol[] {
  return symbols.flatMap((symbol) => {
    if (!('selectionRange' in symbol)) return [informationOf(symbol)];
    const { name, kind, selectionRange, range, children } = symbol;
    const own = { name, kind, uri, start: selectionRange.start, endLine: range.end.line, container };
    return [own, ...outlineOf(uri, children, container === '' ? name : `${container}.${name}`)];
  });
}

export function informationOf({ name, kind, location, containerName }: SymbolInformation): FoundSymbol {
  return { name, kind, uri: location.uri, start: location.range.start, endLine: undefined, container: containerName };
}

/** Those that may be told, exact names first, then by file and line as they came. */
export async function toldSymbols(
  found: readonly FoundSymbol[],
  query: string | undefined,
  limit: number,
  places: Places,
): Promise<{ readonly symbols: readonly SourceSymbol[]; readonly truncated: boolean }> {
  const wanted = query?.toLowerCase();
  const fitting =
    wanted === undefined
      ? found
      : found
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .sort((left, right) => Number(right.name === query) - Number(left.name === query));
  const symbols: SourceSymbol[] = [];
  for (const { name, kind, uri, start, endLine, container } of fitting) {
    const file = await places.open(uri);
    if (!file) continue;
    if (symbols.length === limit) return { symbols, truncated: true };
    symbols.push({
      ...{ name, kind: kindWord(kind), path: file.display, line: start.line + 1, column: start.character + 1 },
      ...(endLine !== undefined && { endLine: endLine + 1 }),
      ...(container !== '' && { container }),
    });
  }
  return { symbols, truncated: false };
}

/** `TypeParameter` -> `type parameter`. */
function kindWord(kind: SymbolKind): string {
  return SymbolKind[kind].replace(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital}`).toLowerCase();
}
