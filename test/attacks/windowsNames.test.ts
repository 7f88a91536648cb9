import { strict as assert } from 'node:assert';
import { SandboxError } from '../../src/core/errors';
import { checkLexically } from '../../src/node/lexicalPath';

describe('attack: Windows names', () => {
  const refused = [
    ['a network path', '\\\\server\\share\\x'],
    ['a network path with slashes', '//server/share/x'],
    ['a path that skips parsing', '\\\\?\\C:\\x'],
    ['a device path', '\\\\.\\PhysicalDrive0'],
    ['a path relative to a drive', 'C:secret.txt'],
    ['a path relative to the current drive', '\\Windows\\system.ini'],
    ['the same with a slash', '/Windows/system.ini'],
    ['an alternate stream', 'src\\a.ts:hidden'],
    ['the data stream', 'a.ts::$DATA'],
    ['a device', 'CON'],
    ['a device in a folder', 'src/nul'],
    ['a device with an extension', 'src\\COM1.txt'],
    ['a device with a superscript digit', 'com¹'],
    ['a device with blanks before its extension', 'aux .ts'],
    ['a device of the console', 'CONOUT$'],
    ['a name that ends with a dot', 'src\\a.ts.'],
    ['a name that ends with a blank', 'src\\a.ts '],
    ['a folder that ends with blanks', '.git \\config'],
    ['parents with a blank', '.. \\secret'],
    ['a wildcard', 'src\\*.ts'],
    ['a pipe', 'a|b'],
  ] as const;
  for (const [what, input] of refused)
    it(`refuses ${what}`, () => {
      assert.throws(
        () => checkLexically(input, 'win32'),
        (error) =>
          error instanceof SandboxError &&
          error.code === 'windows_path' &&
          error.message.includes(JSON.stringify(input)),
      );
    });

  it('takes plain paths, with either slash', () => {
    for (const input of ['src/a.ts', '.\\src\\..\\.env', 'C:/ws/a.ts', '..\\x', '...git/x'])
      assert.doesNotThrow(() => checkLexically(input, 'win32'));
  });

  it('takes names that only contain a device name', () => {
    for (const name of ['console.ts', 'auxiliary', 'com10', 'nullable.ts', 'prn-list.md'])
      assert.doesNotThrow(() => checkLexically(name, 'win32'));
  });

  it('leaves such names alone where they are plain names', () => {
    for (const name of ['nul', 'a:b', 'a.ts ', 'what?']) assert.doesNotThrow(() => checkLexically(name, 'posix'));
  });
});
