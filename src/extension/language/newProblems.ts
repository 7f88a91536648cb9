import type { FileProblem } from './problemLists';

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
