import { extensions, languages, type TextDocument } from 'vscode';
import { deferred } from '../../core/util/deferred';
import type { Disposable } from '../../core/util/disposables';
import { quietTimer } from '../../core/util/quietTimer';
import type { NewsTimes } from './newsTimes';

/** Several programs may look at one file: after the first has spoken, this long nobody may. */
const quietMs = 200;

/** Hears when the problems of one document are told anew. */
export class ProblemNews implements Disposable {
  readonly #document: TextDocument;
  readonly #times: NewsTimes;
  readonly #subscription: Disposable;
  #heard = false;
  #onNews: () => void = () => undefined;

  constructor(document: TextDocument, times: NewsTimes) {
    this.#document = document;
    this.#times = times;
    const address = document.uri.toString();
    this.#subscription = languages.onDidChangeDiagnostics(({ uris }) => {
      if (!uris.some((uri) => uri.toString() === address)) return;
      this.#heard = true;
      this.#onNews();
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** From now on only what comes later is news. */
  forget(): void {
    this.#heard = false;
  }

  /** Resolves when news have come and it is quiet again, when it is not worth waiting any more, or on abort. @returns whether news came. */
  async wait(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const { languageId } = this.#document;
    const startMs = performance.now();
    const endMs = startMs + Math.min(limitMs, this.#times.waitFor(languageId, expectationOf(this.#document)));
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
    if (this.#heard) this.#times.heard(languageId, performance.now() - startMs - quietMs);
    else if (!signal.aborted) this.#times.silent(languageId);
    return this.#heard;
  }
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
