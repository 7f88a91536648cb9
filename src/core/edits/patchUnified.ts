import { badPatch, type PatchFile } from './patchFile';
import { openHunk, takeLine } from './patchHunk';
import { closedSection, gitPath, openSection, takeGitHeader, unquoted, type DiffSection } from './patchSection';

/** Reads the plain and git diffs from line `start` to before line `end`, with prose or fences around them. */
export function parseUnifiedDiff(lines: readonly string[], start: number, end: number): readonly PatchFile[] {
  const sections: DiffSection[] = [];
  let place: 'prose' | 'header' | 'hunk' = 'prose';
  for (let index = start; index < end; index++) {
    const line = lines[index] ?? '';
    const last = sections.at(-1);
    if (isHeader(lines, index, end)) {
      const section = place === 'header' && last ? last : openSection(index);
      section.from = pathOf(line, index);
      section.to = pathOf(lines[index + 1] ?? '', index + 1);
      if (section !== last) sections.push(section);
      index += 1;
      place = 'prose';
    } else if (/^(GIT binary patch|Binary files )/.test(line))
      throw badPatch(`Line ${index + 1} of the patch is about a binary file; only text can be patched.`);
    else if (line.startsWith('diff --git ')) {
      sections.push(openSection(index, gitPath(line)));
      place = 'header';
    } else if (line.startsWith('@@')) {
      if (!last) throw badPatch(`Line ${index + 1} of the patch, ${JSON.stringify(line)}, comes before any file.`);
      last.hunks.push(openHunk());
      place = 'hunk';
    } else if (place === 'header' && last) {
      takeGitHeader(last, line, index);
    } else if (place === 'hunk') {
      if (!takeHunkLine(last, line, index)) place = 'prose';
    } else if (line.startsWith('rename from ') && lines[index + 1]?.startsWith('rename to ') === true) {
      const section = openSection(index);
      takeGitHeader(section, line, index);
      sections.push(section);
      place = 'header';
    }
  }
  return sections.map(closedSection);
}

/** `--- ` can also be a removed line; a header is followed by its other half. */
function isHeader(lines: readonly string[], index: number, end: number): boolean {
  if (!(lines[index] ?? '').startsWith('--- ') || !(lines[index + 1] ?? '').startsWith('+++ ')) return false;
  const next = index + 2 < end ? lines[index + 2] : undefined;
  return next === undefined || next.trim() === '' || next.startsWith('@@');
}

/** False: the hunk ended before this line. @throws ToolError 'invalid_arguments' for a line that cannot be one of a diff. */
function takeHunkLine(section: DiffSection | undefined, line: string, index: number): boolean {
  const hunk = section?.hunks.at(-1);
  if (hunk && takeLine(hunk, line)) return true;
  if (!/^(```|diff |index |\*\*\* )/.test(line))
    throw badPatch(`Line ${index + 1} of the patch, ${JSON.stringify(line.slice(0, 200))}, cannot be read.`);
  return false;
}

function pathOf(header: string, index: number): string {
  return unquoted(header.slice(4).split('\t')[0]?.trim() ?? '', header, index);
}
