import { strict as assert } from 'node:assert';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { decodeLegacy, encodeLegacy } from '../../../src/node/legacyEncoding';
import { fsEdit } from '../../../src/core/tools/fsEdit';
import { refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';
import { toolBench } from '../../support/toolBench';

describe('the bytes of a file that a tool edits, without an editor', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const edited = async (
    before: Buffer,
    find: string,
    replacement: string,
    legacyEncoding?: string,
  ): Promise<Buffer> => {
    await writeFile(at('a.txt'), before);
    const bench = toolBench({ workDir: temp.path, ...(legacyEncoding !== undefined && { legacyEncoding }) });
    await bench.run(fsEdit, { path: 'a.txt', old_string: find, new_string: replacement });
    return readFile(at('a.txt'));
  };
  const utf16 = (text: string, bigEndian: boolean): Buffer => {
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };

  it('keep a byte order mark, the line end of each line and a missing final one', async () => {
    const result = await edited(Buffer.from('\uFEFFone\r\ntwo\nthrée\r\nfour'), 'two', '2\nII');
    assert.equal(result.toString(), '\uFEFFone\r\n2\nII\nthrée\r\nfour');
  });

  for (const bigEndian of [false, true])
    it(`stay UTF-16${bigEndian ? 'BE' : 'LE'}`, async () => {
      const result = await edited(utf16('größe\r\ntwo\r\n', bigEndian), 'two', '→ 😀');
      assert.deepEqual(result, utf16('größe\r\n→ 😀\r\n', bigEndian));
    });

  for (const [encoding, old, fresh] of [
    ['windows-1252', 'größe “€”', 'kürze – ÿ'],
    ['gbk', '中文 文件', '编辑 正确'],
    ['shift_jis', '日本語 テスト ｱ', '編集 ソ 表'],
    ['euc-kr', '한국어 파일', '편집'],
  ] as const)
    it(`stay ${encoding} where that is said, and are refused where it is not`, async () => {
      const bytes = (text: string): Buffer => {
        const encoded = encodeLegacy(text, encoding);
        assert.ok(encoded.kind === 'bytes');
        return encoded.bytes;
      };
      const before = bytes(`x\r\n${old}\r\nlast`);
      if (encoding === 'windows-1252')
        assert.equal(before.toString('hex'), '780d0a6772f6df6520938094 0d0a6c617374'.replace(' ', ''));
      else assert.equal(new TextDecoder(encoding).decode(before), `x\r\n${old}\r\nlast`);
      assert.deepEqual(await edited(before, old, fresh, encoding), bytes(`x\r\n${fresh}\r\nlast`));
      await refusalOf('unsupported_encoding', edited(before, 'last', 'end'));
      assert.deepEqual(await readFile(at('a.txt')), before);
    });

  it('are refused a character that their encoding lacks, by its name and line', async () => {
    const before = Buffer.from('a\nb\xfc\n', 'latin1');
    const error = await refusalOf('unsupported_encoding', edited(before, 'a', 'x\ny→', 'windows-1252'));
    assert.match(error.message, /windows-1252.*"→" in line 2/);
    assert.deepEqual(await readFile(at('a.txt')), before);
  });

  it('are refused half of a character', async () => {
    const error = await refusalOf('unsupported_encoding', edited(Buffer.from('a\n'), 'a', 'x\n\ud83d'));
    assert.match(error.message, /line 2: "\\ud83d"/);
  });

  it('are refused when they would not come back as they are', () => {
    // 0x87 0x90 is a second way to write what 0x81 0xe0 means.
    assert.equal(decodeLegacy(Buffer.from([0x87, 0x90]), 'shift_jis'), undefined);
    assert.equal(decodeLegacy(Buffer.from([0x81]), 'gbk'), undefined);
  });

  it('keep the mode of the file', async () => {
    await writeFile(at('run.sh'), '#!/bin/sh\necho 1\n');
    await chmod(at('run.sh'), 0o755);
    await toolBench({ workDir: temp.path }).run(fsEdit, { path: 'run.sh', old_string: '1', new_string: '2' });
    assert.equal((await stat(at('run.sh'))).mode & 0o777, 0o755);
  });
});
