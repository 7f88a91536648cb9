import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { type FileCalls, nodeFileCalls } from '../../../../src/node/sqlJs/fileCalls';
import { loadSqlJs } from '../../../../src/node/sqlJs/loadSqlJs';
import { buildChildProgram } from '../../../support/childProgram';
import { refusalOf } from '../../../support/refusal';
import { systemError } from '../../../support/simulatedDisk';
import { useTempFolder } from '../../../support/tempFolder';

describe('Loading the database engine', () => {
  const folder = useTempFolder();

  async function loadOver(changed: Partial<FileCalls>): Promise<unknown> {
    return loadSqlJs(folder.path, { calls: { ...nodeFileCalls, ...changed } });
  }

  it('tries it on the disk and leaves nothing behind', async () => {
    await Promise.all([loadSqlJs(folder.path), loadSqlJs(folder.path)]);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('says that it does not work when nothing reaches the disk', async () => {
    const memory = Buffer.alloc(1_000_000);
    const refusal = await refusalOf(
      'unavailable',
      loadOver({
        writeSync: (_fd, buffer, offset, length, position) => {
          memory.set(buffer.subarray(offset, offset + length), position);
          return length;
        },
      }),
    );
    assert.match(refusal.message, /does not work on this machine: /);
    assert.match(refusal.advice, /Nothing is kept beyond this window/);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('says that it does not work when bytes arrive changed', async () => {
    const broken = loadOver({
      readSync: (fd, buffer, offset, length, position) => {
        const count = nodeFileCalls.readSync(fd, buffer, offset, length, position);
        if (count > 20) buffer[offset + 20] = 0x7f;
        return count;
      },
    });
    await refusalOf('unavailable', broken);
  });

  it('says what is wrong with the folder instead, when it is the folder', async () => {
    const refusing = (code: string): Partial<FileCalls> => ({
      writeSync: () => {
        throw systemError(code, 'write');
      },
    });
    await refusalOf('disk_full', loadOver(refusing('ENOSPC')));
    await refusalOf('read_only', loadOver(refusing('EROFS')));
    await refusalOf('unavailable', loadSqlJs(path.join(folder.path, 'missing')));
  });

  it('refuses a program that it does not know and names what is missing; the right one still works', async function () {
    this.timeout(20_000);
    const program = await buildChildProgram('test/support/loadSqlJsWith.ts');
    try {
      const foreign = path.resolve('node_modules/sql.js/dist/sql-wasm.wasm');
      const child = program.start([folder.path, 'none.wasm', foreign, path.resolve('package.json'), '-', '-']);
      const lines = (await text(child.stdout)).trim().split('\n');
      assert.match(lines[0] ?? '', /^unavailable: .*none\.wasm/);
      assert.match(lines[1] ?? '', /^unavailable: .*is no sql\.js that is known, it does not use __syscall_openat/);
      assert.match(lines[2] ?? '', /^unavailable: /);
      assert.deepEqual(lines.slice(3), ['works', 'works']);
    } finally {
      program.remove();
    }
  });
});
