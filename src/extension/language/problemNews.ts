import { extensions, languages, type TextDocument } from 'vscode';
import { deferred } from '../../core/util/deferred';
import type { Disposable } from '../../core/util/disposables';
import { quietTimer } from '../../core/util/quietTimer';
import { tabsOf } from '../strayTabs';
import type { NewsTimes } from './newsTimes';

/** Several programs may look at one file: after the first has spoken, this long nobody may. */
const quietMs = 200;
/** Who speaks later than this is not waited for the next time either. */
const lateMs = 10_000;

/** Hears when the problems of one document are told anew. */
export class ProblemNews implements Disposable {
  readonly #document: TextDocument;
  readonly #times: NewsTimes;
  readonly #subscription: Disposable;
  readonly #kind: string;
  #heard = false;
  #silentSinceMs: number | undefined;
  #onNews: () => void = () => undefined;

  constructor(document: TextDocument, times: NewsTimes) {
    this.#document = document;
    this.#times = times;
    this.#kind = kindOf(document);
    const address = document.uri.toString();
    this.#subscription = languages.onDidChangeDiagnostics(({ uris }) => {
      if (!uris.some((uri) => uri.toString() === address)) return;
      this.#heard = true;
      // Too late for this time; the next time is known to be worth waiting.
      if (this.#silentSinceMs !== undefined) this.#times.heard(this.#kind, performance.now() - this.#silentSinceMs);
      this.#silentSinceMs = undefined;
      this.#onNews();
    });
  }

  /** Where nobody has spoken it listens a little longer. */
  dispose(): void {
    if (this.#silentSinceMs === undefined) this.#subscription.dispose();
    else quietTimer(() => this.#subscription.dispose(), lateMs);
  }

  /** Whether somebody looks at such files: then silence means that nothing has changed. */
  get hasSpeaker(): boolean {
    return this.#times.knows(this.#kind);
  }

  /** Resolves when news have come and it is quiet again, when it is not worth waiting any more, or on abort. @returns whether news came. */
  async wait(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const startMs = performance.now();
    const endMs = startMs + Math.min(limitMs, this.#times.waitFor(this.#kind, expectationOf(this.#document)));
    const done = deferred<undefined>();
    const end = (): void => done.resolve(undefined);
    let cancel = quietTimer(end, endMs - startMs);
    this.#onNews = () => {
      cancel();
      cancel = quietTimer(end, Math.min(quietMs, endMs - performance.now()));
    };
    if (this.#heard) this.#onNews();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await done.promise;
    cancel();
    signal.removeEventListener('abort', end);
    this.#onNews = () => undefined;
    if (this.#heard) this.#times.heard(this.#kind, performance.now() - startMs - quietMs);
    else if (!signal.aborted) {
      this.#times.silent(this.#kind);
      this.#silentSinceMs = startMs;
    }
    return this.#heard;
  }
}

/** Several language servers, the built-in ones among them, look at files in tabs only. */
function kindOf({ uri, languageId }: TextDocument): string {
  return tabsOf(uri).length > 0 ? `${languageId} in a tab` : languageId;
}

/** Whether an extension wants to be started for the language, or somebody has found problems in such files before. */
function expectationOf({ languageId, uri }: TextDocument): 'somebody' | 'nobody known' {
  const wish = `onLanguage:${languageId}`;
  const isWished = extensions.all.some(({ packageJSON }) => {
    const events = (packageJSON as { readonly activationEvents?: unknown }).activationEvents;
    return Array.isArray(events) && events.includes(wish);
  });
  if (isWished) return 'somebody';
  const ending = /\.\w+$/.exec(uri.path)?.[0];
  const isFound = languages
    .getDiagnostics()
    .some(([file, list]) => list.length > 0 && ending !== undefined && file.path.endsWith(ending));
  return isFound ? 'somebody' : 'nobody known';
}
