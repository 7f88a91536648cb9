import type { TextDocument } from 'vscode';
import type { ProblemWatch, ResolvedPath, SandboxFiles, WorkspacePath } from '../../core/sandbox/sandbox';
import type { Problem } from '../../core/sandbox/sourcePlaces';
import { sleep } from '../../core/util/sleep';
import { documentAt } from './editorDocuments';
import { beforeMs, problemsAfter, problemsNow } from './fileProblems';
import { newProblems } from './newProblems';
import { sortProblems, type FileProblem } from './problemLists';
import { ProblemNews } from './problemNews';
import type { NewsTimes } from './newsTimes';
import { isTypeScriptReady } from './typeScriptProblems';

const afterMs = 2_000;
const maxFiles = 20;

/** Compares the problems of files before and after an edit. What cannot be found out is left out: it never fails an edit. */
export async function watchProblems(
  paths: readonly WorkspacePath[],
  files: Pick<SandboxFiles, 'resolve'>,
  times: NewsTimes,
  signal: AbortSignal,
): Promise<ProblemWatch> {
  const watched = await Promise.all(
    paths.slice(0, maxFiles).map((path) => orUndefined(watchFile(path, files, times, signal))),
  );
  return {
    async added(stop) {
      const lists = await Promise.all(watched.map(async (one) => one && orUndefined(addedIn(one, times, stop))));
      const known = lists.filter((list) => list !== undefined);
      // "No new problems" is only said when all were looked at.
      if (stop.aborted || (known.length < paths.length && known.flat().length === 0)) return undefined;
      return sortProblems(known.flat());
    },
    dispose() {
      for (const one of watched) one?.news?.dispose();
    },
  };
}

interface WatchedFile {
  readonly file: ResolvedPath;
  /** May still be on its way: it was asked before the edit, and is answered in order. */
  readonly before: Promise<readonly FileProblem[] | undefined>;
  /** Undefined: the file is yet to be made. */
  readonly document: TextDocument | undefined;
  readonly news: ProblemNews | undefined;
}

/** Undefined where the problems before cannot be known: nothing could be told to be new. */
async function watchFile(
  path: WorkspacePath,
  files: Pick<SandboxFiles, 'resolve'>,
  times: NewsTimes,
  signal: AbortSignal,
): Promise<WatchedFile | undefined> {
  const file = await files.resolve(path, signal);
  if (file.guarded?.kind === 'secret') return undefined;
  if (!file.exists) return { file, before: Promise.resolve([]), document: undefined, news: undefined };
  const isInOrder = isTypeScriptReady();
  const before = orUndefined(problemsNow(file, { limitMs: beforeMs + afterMs, times }, signal));
  const isKnown = await Promise.race([
    before.then((list) => list !== undefined),
    sleep(beforeMs, signal).then(() => isInOrder),
  ]);
  if (!isKnown) return undefined;
  const document = await documentAt(path);
  return { file, before, document, news: new ProblemNews(document, times) };
}

async function addedIn(
  { file, before, document, news }: WatchedFile,
  times: NewsTimes,
  signal: AbortSignal,
): Promise<readonly Problem[] | undefined> {
  const made = document ?? (await documentAt(file.path));
  const listening = news ?? new ProblemNews(made, times);
  try {
    const [then, after] = await Promise.all([before, problemsAfter(made, listening, afterMs, signal)]);
    return then && after && newProblems(then, after).map((problem) => ({ path: file.display, ...problem }));
  } finally {
    listening.dispose();
  }
}

/** An edit that has landed must not be reported as failed because an editor has trouble. */
async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
