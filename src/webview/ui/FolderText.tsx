import { visibleText } from '../text/visibleText';

/** Where a command runs. @param cwd as `display` of a path */
export function FolderText({ cwd }: { readonly cwd: string }) {
  return cwd === '' || cwd === '.' ? (
    <>in the workspace folder</>
  ) : (
    <>
      in <code>{visibleText(cwd)}</code>
    </>
  );
}
