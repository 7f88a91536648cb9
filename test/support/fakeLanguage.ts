import type {
  FileChange,
  LanguageFeatures,
  ProblemQuery,
  SymbolPlace,
  WorkspacePath,
} from '../../src/core/sandbox/sandbox';
import type { Problem, SourcePlace, SourceSymbol } from '../../src/core/sandbox/sourcePlaces';

/** An editor that knows what the test says, and notes what it was asked. */
export class FakeLanguage implements LanguageFeatures {
  readonly asked: unknown[] = [];
  readonly watched: { readonly paths: readonly WorkspacePath[]; disposed: boolean }[] = [];
  known: readonly Problem[] = [];
  added: readonly Problem[] | undefined;
  outline: readonly SourceSymbol[] = [];
  places: readonly SourcePlace[] = [];
  changes: readonly FileChange[] = [];

  problems(query: ProblemQuery) {
    this.asked.push(query);
    return Promise.resolve({ problems: this.known.slice(0, query.limit), truncated: this.known.length > query.limit });
  }

  watchProblems(paths: readonly WorkspacePath[]) {
    const watch = { paths, disposed: false };
    this.watched.push(watch);
    return Promise.resolve({
      added: () => Promise.resolve(this.added),
      dispose: () => {
        watch.disposed = true;
      },
    });
  }

  symbols(where: unknown, limit: number) {
    this.asked.push(where);
    return Promise.resolve({ symbols: this.outline.slice(0, limit), truncated: this.outline.length > limit });
  }

  definition(symbol: SymbolPlace) {
    this.asked.push(symbol);
    return Promise.resolve(this.places);
  }

  references(symbol: SymbolPlace, limit: number) {
    this.asked.push(symbol);
    return Promise.resolve({ places: this.places.slice(0, limit), truncated: this.places.length > limit });
  }

  planRename(symbol: SymbolPlace, newName: string) {
    this.asked.push({ ...symbol, newName });
    return Promise.resolve(this.changes);
  }
}
