import { languages, type TextDocument } from 'vscode';
import type { ResolvedPath } from '../../core/sandbox/sandbox';
import { openDocumentsAt } from '../openDocuments';
import { documentAt } from './editorDocuments';
import type { NewsTimes } from './newsTimes';
import { fileProblem, type FileProblem } from './problemLists';
import { ProblemNews } from './problemNews';
import { isTypeScript, typeScriptProblems, typeScriptSources } from './typeScriptProblems';

/** The problems of a file as it is now; a file that is not open is opened without a tab, so that somebody looks at it. Undefined: nobody has. */
export async function problemsNow(
  { path }: ResolvedPath,
  limitMs: number,
  times: NewsTimes,
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  const wasOpen = openDocumentsAt(path).length > 0;
  const document = await documentAt(path);
  const own = await askedProblems(document, limitMs, signal);
  if (own) return [...own, ...toldProblems(document, true)];
  if (wasOpen) return toldProblems(document);
  const news = new ProblemNews(document, times);
  try {
    await news.wait(limitMs, signal);
    return toldProblems(document);
  } finally {
    news.dispose();
  }
}

/** The problems of a file after it was edited. `news` has listened since before. */
export async function problemsAfter(
  document: TextDocument,
  news: ProblemNews,
  { limitMs, times }: { readonly limitMs: number; readonly times: NewsTimes },
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  const own = await askedProblems(document, limitMs, signal);
  if (own) {
    if (toldProblems(document, true).length > 0) await news.wait(limitMs, signal);
    return [...own, ...toldProblems(document, true)];
  }
  const heard = await news.wait(limitMs, signal);
  return heard || times.knows(document.languageId) ? toldProblems(document) : undefined;
}

/** From a server that answers when it is asked. */
function askedProblems(
  document: TextDocument,
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly FileProblem[] | undefined> {
  return isTypeScript(document)
    ? typeScriptProblems(document, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]))
    : Promise.resolve(undefined);
}

/** What extensions have told the editor. `beside`: without those of the server that is asked itself. */
function toldProblems({ uri }: TextDocument, beside = false): readonly FileProblem[] {
  return languages
    .getDiagnostics(uri)
    .map(fileProblem)
    .filter(({ source }) => !beside || source === undefined || !typeScriptSources.includes(source));
}
