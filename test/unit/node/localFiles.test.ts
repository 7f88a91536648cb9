import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import * as path from 'node:path';
import type { TextFile } from '../../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

const signal = neverAborted;

describe('LocalFiles', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const files = (): LocalSandbox['files'] => new LocalSandbox({ workDir: temp.path }).files;
  async function read(name: string): Promise<TextFile> {
    const sandboxFiles = files();
    return sandboxFiles.readText((await sandboxFiles.resolve(name, signal)).path, signal);
  }

  it('reads UTF-8 with and without byte order mark and UTF-16 with one', async () => {
    await temp.write({
      a: 'ü\r\n',
      b: '\ufeffü',
      c: Buffer.from('\ufeffü', 'utf16le'),
      d: Buffer.from('\ufeffü', 'utf16le').swap16(),
      e: '',
    });
    assert.deepEqual(await read('a'), { text: 'ü\r\n', encoding: 'utf-8', hasBom: false });
    assert.deepEqual(await read('b'), { text: 'ü', encoding: 'utf-8', hasBom: true });
    assert.deepEqual(await read('c'), { text: 'ü', encoding: 'utf-16le', hasBom: true });
    assert.deepEqual(await read('d'), { text: 'ü', encoding: 'utf-16be', hasBom: true });
    assert.deepEqual(await read('e'), { text: '', encoding: 'utf-8', hasBom: false });
  });

  it('keeps a second byte order mark: it is a character of the text', async () => {
    await temp.write({ a: '\ufeff\ufeffx' });
    assert.equal((await read('a')).text, '\ufeffx');
  });

  it('refuses binary and invalid text', async () => {
    await temp.write({
      a: Buffer.from([0x61, 0, 0x62]),
      b: Buffer.from([0x61, 0xff]),
      c: Buffer.from([0xff, 0xfe, 0x61]),
      d: Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
    });
    await refusalOf('binary', read('a'));
    for (const name of ['b', 'c', 'd']) await refusalOf('unsupported_encoding', read(name));
  });

  it('refuses files above 10 MB without reading them', async () => {
    await temp.write({ big: '', fits: '' });
    await truncate(at('big'), 4 * 1024 ** 3);
    const start = performance.now();
    await refusalOf('too_large', read('big'));
    assert.ok(performance.now() - start < 500);
    await temp.write({ fits: 'x'.repeat(10 * 1024 * 1024) });
    assert.equal((await read('fits')).text.length, 10 * 1024 * 1024);
  });

  it('refuses folders, pipes and sockets, at once', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await temp.write({ 'folder/x': '' });
    const server = createServer().listen(at('socket'));
    await once(server, 'listening');
    const start = performance.now();
    for (const name of ['pipe', 'folder', 'socket']) await refusalOf('not_a_file', read(name));
    assert.ok(performance.now() - start < 500);
    server.close();
  });

  it('refuses devices and endless files outside of any size', async () => {
    const wide = new LocalSandbox({ workDir: temp.path, enforceBoundary: false }).files;
    for (const device of ['/dev/zero', '/dev/tty'])
      await assert.rejects(wide.resolve(device, signal).then(({ path: real }) => wide.readText(real, signal)));
  });

  it('says that a file is gone', async () => {
    await refusalOf('not_found', read('missing'));
  });

  it('tells kind and size, and nothing of what is not there', async () => {
    await temp.write({ 'a/b.txt': '12345' });
    const sandboxFiles = files();
    const look = async (name: string): Promise<unknown> => {
      const stat = await sandboxFiles.stat((await sandboxFiles.resolve(name, signal)).path, signal);
      return stat && [stat.kind, stat.kind === 'file' ? stat.sizeBytes : undefined];
    };
    assert.deepEqual(await look('a/b.txt'), ['file', 5]);
    assert.deepEqual(await look('a'), ['directory', undefined]);
    assert.deepEqual(await look('.'), ['directory', undefined]);
    assert.equal(await look('a/none'), undefined);
    assert.equal(await look('none/none'), undefined);
    assert.equal(await look('a/b.txt/c'), undefined);
  });

  it('lists a folder in order', async () => {
    await temp.write({ 'b.txt': '', 'a/x': '', Z: '' });
    const sandboxFiles = files();
    const { path: real } = await sandboxFiles.resolve('.', signal);
    assert.deepEqual(await sandboxFiles.list(real, signal), [
      { name: 'Z', kind: 'file' },
      { name: 'a', kind: 'directory' },
      { name: 'b.txt', kind: 'file' },
    ]);
  });

  it('lets a host put its own files around those on the disk', async () => {
    await temp.write({ a: 'disk' });
    const sandbox = new LocalSandbox({
      workDir: temp.path,
      files: (local) => ({
        resolve: (input, stop) => local.resolve(input, stop),
        stat: (file, stop) => local.stat(file, stop),
        list: (folder, stop) => local.list(folder, stop),
        readStart: (file, maxBytes, stop) => local.readStart(file, maxBytes, stop),
        readBytes: (file, stop) => local.readBytes(file, stop),
        readText: async (file, stop) => ({ ...(await local.readText(file, stop)), text: 'buffer' }),
      }),
    });
    const { path: real } = await sandbox.files.resolve('a', signal);
    assert.equal((await sandbox.files.readText(real, signal)).text, 'buffer');
  });
});
