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
