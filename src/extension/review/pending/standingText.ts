import { Uri, workspace, type TextDocument } from 'vscode';
import { readBytes } from '../../fileBytes';
import { openDocumentsAt } from '../../openDocuments';
import type { FileRecord } from './fileRecord';

/** What stands on disk, decoded as its document is; undefined: there is no such file; no text: something that is none, like a picture. @throws ToolError 'not_a_file' | 'failed'. */
export async function textOnDisk(record: FileRecord): Promise<string | undefined> {
  const uri = Uri.parse(record.address, true);
  const bytes = await readBytes(uri, record.display);
  if (bytes === undefined) return undefined;
  const encoding = documentOf(record)?.encoding ?? record.encoding;
  const decoding = encoding === undefined ? workspace.decode(bytes, { uri }) : workspace.decode(bytes, { encoding });
  // VS Code decodes nothing that it takes for binary: of text, which is what could be reviewed, nothing is there.
  return decoding.then(undefined, () => '');
}

/** Those with unsaved text come first. */
export function documentOf({ path }: Pick<FileRecord, 'path'>): TextDocument | undefined {
  return openDocumentsAt(path)[0];
}
