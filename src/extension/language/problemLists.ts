import { DiagnosticSeverity, type Diagnostic } from 'vscode';
import { severities, type Problem, type Severity } from '../../core/sandbox/sourcePlaces';

/** A problem of a file that is known to whoever holds it. */
export type FileProblem = Omit<Problem, 'path'>;

export function fileProblem({ severity, range, message, source, code }: Diagnostic): FileProblem {
  const id = typeof code === 'object' ? code.value : code;
  return {
    severity: severityWord(severity),
    line: range.start.line + 1,
    column: range.start.character + 1,
    message,
    ...(source !== undefined && source !== '' && { source }),
    ...(id !== undefined && id !== '' && { code: String(id) }),
  };
}

/** Worst first, then by path and place. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (left, right) =>
      severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
      compareTexts(left.path, right.path) ||
      left.line - right.line ||
      left.column - right.column,
  );
}

export function isAsBad(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

/**
 * What came to these problems. An edit moves lines, so problems are told apart by what they say: of one that is there three
 * times and was there twice, one is new, and preferably one in a line that had none.
 */
export function newProblems(before: readonly FileProblem[], after: readonly FileProblem[]): readonly FileProblem[] {
  const known = grouped(before);
  return [...grouped(after)].flatMap(([key, now]) => {
    const then = known.get(key) ?? [];
    const hadLine = (line: number): boolean => then.some((one) => one.line === line);
    const elsewhereFirst = [...now].sort((left, right) => Number(hadLine(left.line)) - Number(hadLine(right.line)));
    return elsewhereFirst.slice(0, Math.max(0, now.length - then.length));
  });
}

function grouped(problems: readonly FileProblem[]): ReadonlyMap<string, readonly FileProblem[]> {
  const groups = new Map<string, FileProblem[]>();
  for (const problem of problems) {
    const { severity, source, code, message } = problem;
    const key = JSON.stringify([severity, source, code, message]);
    const group = groups.get(key);
    if (group) group.push(problem);
    else groups.set(key, [problem]);
  }
  return groups;
}

function severityWord(severity: DiagnosticSeverity): Severity {
  switch (severity) {
    case DiagnosticSeverity.Error:
      return 'error';
    case DiagnosticSeverity.Warning:
      return 'warning';
    case DiagnosticSeverity.Information:
      return 'information';
    case DiagnosticSeverity.Hint:
      return 'hint';
  }
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
