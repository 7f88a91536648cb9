import { languages, type TextDocument } from 'vscode';
import type { ResolvedPath } from '../../core/sandbox/sandbox';
import { openDocumentsAt } from '../openDocuments';
import { documentAt } from './editorDocuments';
import type { NewsTimes } from './newsTimes';
import { fileProblem, type FileProblem } from './problemLists';
import { ProblemNews } from './problemNews';
import { isTypeScript, typeScriptProblems, typeScriptSources } from './typeScriptProblems';

/** How long somebody may take to tell the problems of a file that was not open. */
export const beforeMs = 1_000;

export interface Looking {
  /** Milliseconds in which a server that is asked must answer. */
  readonly limitMs: number;
  readonly times: NewsTimes;
}

/** The problems of a file as it is now; a file that is not open is opened without a tab, so that somebody looks at it. Undefined: nobody has, or not in time. */
export async function problemsNow(
  { path }: ResolvedPath,
  { limitMs, times }: Looking,
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  const wasOpen = openDocumentsAt(path).length > 0;
  const document = await documentAt(path);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const own = await askedProblems(document, limit);
  if (own) return [...own, ...toldProblems(document, true)];
  if (limit.aborted) return undefined;
  if (wasOpen) return toldProblems(document);
  const news = new ProblemNews(document, times);
  try {
    await news.wait(beforeMs, signal);
    return toldProblems(document);
  } finally {
    news.dispose();
  }
}

/** The problems of a file after it was edited. `news` has listened since before. */
export async function problemsAfter(
  document: TextDocument,
  news: ProblemNews,
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  const endMs = performance.now() + limitMs;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const own = await askedProblems(document, limit);
  if (own) {
    // Another extension has had something to say: it may have more.
    if (toldProblems(document, true).length > 0) await news.wait(endMs - performance.now(), signal);
    return [...own, ...toldProblems(document, true)];
  }
  if (limit.aborted) return undefined;
  const heard = await news.wait(limitMs, signal);
  return heard || news.hasSpeaker ? toldProblems(document) : undefined;
}

/** From a server that answers when it is asked. */
function askedProblems(document: TextDocument, signal: AbortSignal): Promise<readonly FileProblem[] | undefined> {
  return isTypeScript(document) ? typeScriptProblems(document, signal) : Promise.resolve(undefined);
}

/** What extensions have told the editor. `beside`: without those of the server that is asked itself. */
function toldProblems({ uri }: TextDocument, beside = false): readonly FileProblem[] {
  return languages
    .getDiagnostics(uri)
    .map(fileProblem)
    .filter(({ source }) => !beside || source === undefined || !typeScriptSources.includes(source));
}
