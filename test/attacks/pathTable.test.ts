import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { SandboxError } from '../../src/core/errors';
import { checkLexically, isInside, type PathRules } from '../../src/node/lexicalPath';

const roots = { posix: '/home/me/ws', win32: 'C:\\Users\\me\\ws' } as const;

/** What both stages that need no disk make of a path: the code of the refusal, or the place it means. */
function judged(input: string, rules: PathRules, root: string = roots[rules]): string {
  try {
    checkLexically(input, rules);
  } catch (error) {
    assert.ok(error instanceof SandboxError, String(error));
    return error.code;
  }
  const place = path[rules].resolve(root, input);
  return isInside(root, place, rules, rules === 'win32') ? place : 'outside';
}

describe('attack: a table of paths', () => {
  const both = {
    empty_path: [''],
    too_long: ['a'.repeat(4_097), '/'.repeat(5_000), 'a/'.repeat(2_049)],
    control_characters: [
      'a\0b',
      'a\nb',
      'a\rb',
      '\u001b[31m',
      'a\u007f',
      'a\u0085b',
      'a\ud800',
      '\udc00.ts',
      '.git\0/config',
    ],
    uri: [
      'file:///etc/passwd',
      'FILE://x',
      'vscode-remote://ssh/x',
      'http://a/b',
      'a+b.c-d://x',
      'untitled://x',
      'vscode-vfs://github/a/b',
    ],
    home_path: ['~', '~/x', '~\\x', '~/../x'],
    outside: [
      '..',
      '../',
      '../x',
      'a/../../x',
      './../x',
      'a/b/c/../../../../x',
      '../ws-evil/x',
      '../ws2',
      '../w',
      './/..//x',
      '../WS/../x',
    ],
  } as const;
  const only = {
    posix: {
      outside: [
        '/',
        '/etc/passwd',
        '//etc/passwd',
        '/home/me/ws-evil/x',
        '/home/me/ws/../x',
        '/home/me',
        '/HOME/me/ws/x',
      ],
    },
    win32: {
      outside: [
        'C:\\Windows\\system.ini',
        'c:/users/me/ws-evil/x',
        'D:\\Users\\me\\ws\\x',
        '..\\x',
        'a\\..\\..\\x',
        'a/..\\../x',
        'C:\\',
        'C:/Users/me',
      ],
      uri: ['C://Users/me/ws/x'],
      windows_path: [
        ...[
          '\\\\server\\share\\x',
          '//server/share',
          '/\\server\\share',
          '\\/x',
          '\\\\?\\C:\\Users\\me\\ws\\x',
          '\\\\.\\C:\\x',
          '\\\\.\\pipe\\x',
        ],
        ...[
          '\\\\?\\GLOBALROOT\\Device\\x',
          '\\??\\C:\\x',
          '//?/C:/x',
          '\\\\localhost\\C$\\x',
          '\\\\127.0.0.1\\C$\\x',
          '\\\\wsl$\\x',
        ],
        ...['C:', 'C:x', 'c:..\\x', 'D:x\\y', '\\x', '/x', '\\Users\\me\\ws\\a', 'C:.\\x'],
        ...['a:b', 'a.ts::$DATA', '.git::$INDEX_ALLOCATION\\config', 'a\\b:c\\d', ':x', 'a:', '.env:$DATA'],
        ...[
          'con',
          'CON',
          'Con.txt',
          'prn.a.b',
          'aux',
          'aux.',
          'nul',
          'a\\nul',
          'nul\\a',
          'NUL.tar.gz',
          'com1',
          'COM9.log',
          'com0',
          'lpt1',
          'LPT9.x',
        ],
        ...[
          'com¹',
          'COM².txt',
          'lpt³',
          'conin$',
          'CONOUT$',
          'clock$',
          'aux .txt',
          'com1 ',
          'a/CON/b',
          '.\\con',
          'C:\\Users\\me\\ws\\nul',
        ],
        ...[
          'a.',
          'a ',
          'a. .',
          'a...',
          '.git.',
          '.git ',
          '.git. \\config',
          '. ',
          '.. ',
          '... ',
          '...',
          'a./b',
          '..\\.. \\x',
          '.env ',
        ],
        ...['a?b', 'a*', 'a<b', 'a>b', 'a"b', 'a|b', '*.ts', '"C:\\x"'],
      ],
    },
  } as const;
  for (const rules of ['posix', 'win32'] as const)
    for (const table of [both, only[rules]])
      for (const [code, inputs] of Object.entries<readonly string[]>(table))
        it(`${rules}: ${code} for ${inputs.length} paths`, () => {
          for (const input of inputs) assert.equal(judged(input, rules), code, JSON.stringify(input.slice(0, 60)));
        });

  const legal = {
    posix: [
      'a',
      './a',
      'a//b',
      'a/',
      'a/../b',
      '..data/x',
      '...',
      '.. /x',
      'a:b',
      'nul',
      'a\\b',
      '%2e%2e/x',
      '~x',
      'a~',
      '/home/me/ws',
      '/home/me/ws/x',
      '../ws/x',
    ],
    win32: [
      'a',
      '.\\a',
      'a/b\\c',
      'a\\..\\b',
      '..data\\x',
      '...x',
      'console',
      'com10',
      'com',
      'lpt',
      'auxx',
      'null.ts',
      '%2e%2e\\x',
      '~x',
      'PROGRA~1',
      'c:\\users\\ME\\ws\\x',
      'C:/Users/me/ws',
      '..\\ws\\x',
      '..\\WS\\x',
    ],
  } as const;
  for (const rules of ['posix', 'win32'] as const)
    it(`${rules}: takes legal paths, odd ones too`, () => {
      for (const input of legal[rules])
        assert.ok(path[rules].isAbsolute(judged(input, rules)), `${input}: ${judged(input, rules)}`);
    });

  it('whatever passes lies inside, by another measure', () => {
    const piece = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '..',
          '.',
          '',
          'ws',
          'ws-evil',
          'C:',
          'c:',
          '~',
          'nul',
          '.git',
          ' ',
          '..data',
          '%2e%2e',
          '?',
          '\\\\?',
        ),
      },
      { weight: 1, arbitrary: fc.string({ maxLength: 6, unit: 'binary' }) },
    );
    const parts = fc.array(fc.tuple(piece, fc.constantFrom('/', '\\', '//', '\\/', '')), {
      minLength: 1,
      maxLength: 12,
    });
    for (const rules of ['posix', 'win32'] as const) {
      let passed = 0;
      const absolute = fc.boolean();
      fc.assert(
        fc.property(parts, absolute, (list, fromRoot) => {
          const input = (fromRoot ? `${roots[rules]}/` : '') + list.flat().join('');
          const place = judged(input, rules);
          if (!path[rules].isAbsolute(place)) return;
          passed += 1;
          assert.equal(path[rules].normalize(place), place);
          const names = place.split(rules === 'win32' ? /[\\/]/ : '/');
          const root = roots[rules].split(path[rules].sep);
          assert.deepEqual(names.slice(0, root.length).map(folded(rules)), root.map(folded(rules)));
          for (const name of names.slice(root.length)) {
            assert.ok(name !== '..' && name !== '' && !/\p{Cc}/u.test(name));
            if (rules === 'win32') assert.doesNotMatch(name, /[<>:"|?*]|[. ]$|^(con|nul|aux|prn)(\.|$)/i);
          }
        }),
        { numRuns: 1_500 },
      );
      assert.ok(passed > 100, `${rules}: only ${passed} passed`);
    }
  });
});

function folded(rules: PathRules): (name: string) => string {
  return (name) => (rules === 'win32' ? name.normalize('NFC').toLowerCase() : name);
}
