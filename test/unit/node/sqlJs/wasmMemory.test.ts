import { strict as assert } from 'node:assert';
import { constants } from 'node:fs';
import { control, errorNumber, inFrontOf, openFlags } from '../../../../src/node/sqlJs/systemCalls';
import { WasmMemory } from '../../../../src/node/sqlJs/wasmMemory';

describe('The memory of a WebAssembly program', () => {
  it('is read anew after it has grown', () => {
    const program = { buffer: Buffer.from('old\0 the rest').buffer.slice(0, 0) };
    const memory = new WasmMemory(program);
    program.buffer = Uint8Array.from(Buffer.from('....Grüße\0 the rest')).buffer;
    assert.equal(memory.text(4), 'Grüße');
    assert.equal(memory.bytes().length, 21);
  });

  it('holds the pieces of a scattered read, and facts of files in musl’s layout', () => {
    const memory = new WasmMemory({ buffer: new ArrayBuffer(256) });
    [7, 8, 9, 10].forEach((value, index) => memory.writeUint32(16 + 4 * index, value));
    assert.deepEqual(memory.ranges(16, 2), [
      { start: 7, length: 8 },
      { start: 9, length: 10 },
    ]);
    const inode = 2n ** 63n + 5n;
    const facts = {
      device: 2n ** 40n + 3n,
      inode,
      mode: 0o100600,
      sizeBytes: 2 ** 40 + 1,
      modifiedNs: 12_000_000_034n,
    };
    memory.writeStat(64, facts);
    const view = new DataView(memory.bytes().buffer);
    assert.equal(view.getUint32(64, true), 3);
    assert.equal(view.getUint32(68, true), 0o100600);
    assert.equal(view.getBigInt64(88, true), 2n ** 40n + 1n);
    assert.deepEqual([view.getBigInt64(120, true), view.getUint32(128, true)], [12n, 34]);
    assert.equal(BigInt.asUintN(64, view.getBigInt64(152, true)), inode);
  });
});

describe('A system call of SQLite', () => {
  it('is answered by us, or else by what stood there before, with its own arguments', () => {
    const call = inFrontOf(
      (...args: unknown[]) => args,
      (first) => (first === 1 ? 100 : undefined),
    );
    assert.equal(call(1, 5n), 100);
    assert.deepEqual(call(2, 5n), [2, 5n]);
  });

  it('has its flags and errors in the numbers of the other side', () => {
    assert.equal(openFlags(0o2), constants.O_RDWR);
    assert.equal(openFlags(0o302), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
    assert.equal(openFlags(0o1001), constants.O_WRONLY | constants.O_TRUNC);
    assert.deepEqual([errorNumber('ENOENT'), errorNumber('ENOSPC'), errorNumber('unheard of')], [44, 51, 29]);
  });

  it('finds every lock free', () => {
    const memory = new WasmMemory({ buffer: new ArrayBuffer(64) });
    memory.writeUint32(0, 32);
    assert.equal(control(memory, 12, 0), 0);
    assert.equal(memory.bytes()[32], 2);
    assert.equal(control(memory, 13, 0), 0);
    assert.equal(control(memory, 99, 0), -28);
  });
});
