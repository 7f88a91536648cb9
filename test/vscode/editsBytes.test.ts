import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { ConfigurationTarget, Uri, window, workspace } from 'vscode';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import {
  documentOf,
  EditsFixture,
  eventually,
  hexOn,
  plainFiles,
  refusal,
  showFile,
  textOn,
  unheard,
  useFixture,
} from './editsSupport';

describe('bytes of edited files', () => {
  let fixture: EditsFixture;
  useFixture(
    () => new EditsFixture(),
    (made) => (fixture = made),
  );

  it('an edit changes its own characters and no other byte', async () => {
    const file = fixture.write('one\ntwo\nthree\n');
    const applied = await fixture.apply(file, 'one\ntwo\nthree\n', 'one\n2\nthree\n');
    assert.equal(textOn(file), 'one\n2\nthree\n');
    assert.deepEqual(applied, [{ display: path.basename(file), after: 'one\n2\nthree\n' }]);
  });

  it('CRLF line ends stay CRLF', async () => {
    const file = fixture.write('one\r\ntwo\r\n');
    await fixture.apply(file, 'one\r\ntwo\r\n', 'one\r\n2\r\nnew\r\n');
    assert.equal(textOn(file), 'one\r\n2\r\nnew\r\n');
  });

  it('mixed line ends stay as they are, line by line', async () => {
    const file = fixture.write('a\r\nb\nc\rd\n');
    await fixture.apply(file, 'a\r\nb\nc\rd\n', 'a\r\nB\nc\rd\n');
    assert.equal(textOn(file), 'a\r\nB\nc\rd\n');
  });

  it('an open document with mixed line ends shows the edit soon after', async () => {
    const file = fixture.write('a\r\nb\nc\n');
    await showFile(file);
    await fixture.apply(file, 'a\r\nb\nc\n', 'a\r\nB\nc\n');
    await eventually('the document follows', () => documentOf(file)?.getText().includes('B'));
    assert.equal(textOn(file), 'a\r\nB\nc\n');
    assert.equal(documentOf(file)?.isDirty, false);
  });

  it('line ends can be changed on purpose', async () => {
    const file = fixture.write('a\r\nb\r\n');
    await fixture.apply(file, 'a\r\nb\r\n', 'a\nb\n');
    assert.equal(textOn(file), 'a\nb\n');
  });

  it('a byte order mark stays, and none is added', async () => {
    const file = fixture.write('\uFEFFone\n');
    await fixture.apply(file, 'one\n', 'two\n');
    assert.equal(hexOn(file), `efbbbf${Buffer.from('two\n').toString('hex')}`);
  });

  it('a second byte order mark is text and stays as well', async () => {
    const file = fixture.write('\uFEFF\uFEFFone\n');
    await fixture.apply(file, '\uFEFFone\n', '\uFEFFtwo\n');
    assert.equal(hexOn(file), `efbbbfefbbbf${Buffer.from('two\n').toString('hex')}`);
  });

  for (const [name, bom, swap] of [
    ['UTF-16LE', 'fffe', false],
    ['UTF-16BE', 'feff', true],
  ] as const)
    it(`a ${name} file stays one`, async () => {
      const encode = (text: string): Buffer => {
        const bytes = Buffer.from(text, 'utf16le');
        return Buffer.concat([Buffer.from(bom, 'hex'), swap ? bytes.swap16() : bytes]);
      };
      const file = fixture.write(encode('größe\r\ntwo\r\n'));
      await fixture.apply(file, 'größe\r\ntwo\r\n', 'größe\r\n→ 2\r\n');
      assert.deepEqual(readFileSync(file), encode('größe\r\n→ 2\r\n'));
    });

  it('no line end is added to the last line', async () => {
    const file = fixture.write('one\ntwo');
    await fixture.apply(file, 'one\ntwo', 'one\n2');
    assert.equal(textOn(file), 'one\n2');
  });

  it('an empty file takes its first text, and a file can become empty', async () => {
    const file = fixture.write('');
    await fixture.apply(file, '', 'first\r\nsecond\r\n');
    assert.equal(textOn(file), 'first\r\nsecond\r\n');
    await fixture.apply(file, 'first\r\nsecond\r\n', '');
    assert.equal(textOn(file), '');
  });

  it('$& and its kin are text', async () => {
    const file = fixture.write('price\n');
    await fixture.apply(file, 'price\n', "$& $1 $$ $` $'\n");
    assert.equal(textOn(file), "$& $1 $$ $` $'\n");
  });

  it('a file of 5,000 lines is edited in its middle', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} 😀`);
    const before = lines.join('\r\n');
    const after = lines.with(2_500, 'changed 😁').join('\r\n');
    const file = fixture.write(before);
    await fixture.apply(file, before, after);
    assert.equal(textOn(file), after);
  });

  it('a file that is not valid UTF-8 is refused and untouched', async () => {
    const file = fixture.write(Buffer.from('61ff620a', 'hex'));
    const error = await refusal(fixture.apply(file, 'a\uFFFDb\n', 'changed\n'));
    assert.equal(error.code, 'unsupported_encoding');
    assert.equal(hexOn(file), '61ff620a');
  });

  const legacy = [
    ['windows1252', 'größe “€”', '67 72 f6 df 65 20 93 80 94', 'kürze', '6b fc 72 7a 65', '中'],
    ['gbk', '中文', 'd6 d0 ce c4', '编辑', 'b1 e0 bc ad', '😀'],
    ['shiftjis', '日本', '93 fa 96 7b', '表', '95 5c', '😀'],
  ] as const;
  const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const framed = (hex: string): Buffer => Buffer.concat([Buffer.from('x\r\n'), bytesOf(hex), Buffer.from('\r\nlast')]);

  for (const [encoding, old, oldHex, fresh, freshHex, lacking] of legacy) {
    const [before, after] = [`x\r\n${old}\r\nlast`, `x\r\n${fresh}\r\nlast`];

    it(`a file that the user opened as ${encoding} stays one, and is refused what it cannot hold`, async () => {
      const file = fixture.write(framed(oldHex));
      const document = await workspace.openTextDocument(Uri.file(file), { encoding });
      await window.showTextDocument(document, { preview: false });
      const read = await new WorkspaceFiles(plainFiles()).readText(file as WorkspacePath, unheard());
      assert.deepEqual([read.text, read.encoding], [before, encoding]);
      const error = await refusal(fixture.apply(file, before, `x\r\n${lacking}\r\nlast`));
      assert.equal(error.code, 'unsupported_encoding');
      assert.match(error.message, new RegExp(`"${lacking}" in line 2`));
      assert.deepEqual(readFileSync(file), framed(oldHex));
      await fixture.apply(file, before, after);
      assert.deepEqual(readFileSync(file), framed(freshHex));
    });

    it(`a closed file is ${encoding} where the settings say so`, async () => {
      const settings = workspace.getConfiguration('files');
      await settings.update('encoding', encoding, ConfigurationTarget.Workspace);
      try {
        const file = fixture.write(framed(oldHex));
        const read = await new WorkspaceFiles(plainFiles()).readText(file as WorkspacePath, unheard());
        assert.deepEqual([read.text, read.encoding], [before, encoding]);
        await fixture.apply(file, before, after);
        assert.deepEqual(readFileSync(file), framed(freshHex));
      } finally {
        await settings.update('encoding', undefined, ConfigurationTarget.Workspace);
      }
    });

    it(`a closed file in ${encoding} of which nobody says so is refused`, async () => {
      const file = fixture.write(framed(oldHex));
      const error = await refusal(new WorkspaceFiles(plainFiles()).readText(file as WorkspacePath, unheard()));
      assert.equal(error.code, 'unsupported_encoding');
    });
  }

  it('half of a surrogate pair is refused, because no encoding can hold it', async () => {
    const file = fixture.write('a\n');
    const error = await refusal(fixture.apply(file, 'a\n', 'a\ud83d\n'));
    assert.equal(error.code, 'unsupported_encoding');
    assert.match(error.message, /\\ud83d/);
    assert.equal(textOn(file), 'a\n');
  });
});
