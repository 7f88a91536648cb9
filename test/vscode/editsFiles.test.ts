import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { Uri, window, workspace } from 'vscode';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import {
  append,
  EditsFixture,
  hexOn,
  plainFiles,
  refusal,
  showFile,
  textOn,
  unheard,
  useFixture,
} from './editsSupport';

describe('files as the editor has them', () => {
  let fixture: EditsFixture;
  const files = new WorkspaceFiles(plainFiles());
  const read = async (file: string) => {
    const { path } = await files.resolve(file, unheard());
    return files.readText(path, unheard());
  };
  useFixture(
    () => new EditsFixture(),
    (made) => (fixture = made),
  );

  it('a file that is not open is read from disk', async () => {
    assert.deepEqual(await read(fixture.write('\uFEFFone\r\n')), { text: 'one\r\n', encoding: 'utf8', hasBom: true });
  });

  it('unsaved text of an open document counts', async () => {
    const file = fixture.write('one\r\n');
    await append(await showFile(file), 'typed');
    assert.equal((await read(file)).text, 'one\r\ntyped');
    assert.equal(textOn(file), 'one\r\n');
  });

  it('what was just written outside counts for a document without unsaved text', async () => {
    const file = fixture.write('old\n');
    await showFile(file);
    writeFileSync(file, 'new\n');
    assert.equal((await read(file)).text, 'new\n');
  });

  it('mixed line ends are read from disk, because an editor does not know them', async () => {
    const file = fixture.write('a\r\nb\n');
    await append(await showFile(file), 'typed');
    assert.equal((await read(file)).text, 'a\r\nb\n');
  });

  it('a file whose encoding the user has chosen is read and edited in it', async () => {
    const file = fixture.write(Buffer.from('grün\n', 'latin1'));
    assert.equal((await refusal(read(file))).code, 'unsupported_encoding');
    await window.showTextDocument(await workspace.openTextDocument(Uri.file(file), { encoding: 'windows1252' }));
    assert.equal((await read(file)).text, 'grün\n');
    await fixture.apply(file, 'grün\n', 'grüner\n');
    assert.equal(hexOn(file), Buffer.from('grüner\n', 'latin1').toString('hex'));
    assert.equal((await refusal(fixture.apply(file, 'grüner\n', '→\n'))).code, 'unsupported_encoding');
  });

  it('a document in the wrong encoding is refused, not repaired', async () => {
    const file = fixture.write(Buffer.from('grün\n', 'latin1'));
    await showFile(file);
    assert.equal((await refusal(read(file))).code, 'unsupported_encoding');
  });

  it('paths, folders and file facts are those of the files behind it', async () => {
    const file = fixture.write('12345');
    const path: WorkspacePath = (await files.resolve(file, unheard())).path;
    assert.equal((await files.stat(path, unheard()))?.sizeBytes, 5);
    assert.deepEqual(await files.list(path, unheard()), []);
  });
});
