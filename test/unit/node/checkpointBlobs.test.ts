import { strict as assert } from 'node:assert';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { FileCheckpointBlobs } from '../../../src/node/checkpoints/fileCheckpointBlobs';
import { neverAborted } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

const dayMs = 86_400_000;

describe('FileCheckpointBlobs', () => {
  const temp = useTempFolder();
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  async function aged(blobs: FileCheckpointBlobs, text: string, days: number): Promise<string> {
    const hash = await blobs.put(bytes(text));
    const then = new Date(Date.now() - days * dayMs);
    await utimes(path.join(temp.path, hash), then, then);
    return hash;
  }

  it('gives back the very bytes, kept once, also in another window', async () => {
    const blobs = new FileCheckpointBlobs({ folder: temp.path });
    const odd = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf]);
    const hash = await blobs.put(odd);
    assert.equal(await blobs.put(odd), hash);
    assert.deepEqual(await readdir(temp.path), [hash]);
    const found = await new FileCheckpointBlobs({ folder: temp.path }).get(hash);
    assert.deepEqual(found && Buffer.from(found), odd);
  });

  it('keeps many at once, in their order, each once, and a damaged one anew', async () => {
    const blobs = new FileCheckpointBlobs({ folder: temp.path });
    const known = await blobs.put(bytes('0'));
    await writeFile(path.join(temp.path, known), 'o');
    const texts = [...Array.from({ length: 30 }, (_none, index) => String(index % 20)), ''];
    const hashes = await blobs.putAll(texts.map(bytes));
    for (const [index, text] of texts.entries())
      assert.equal(Buffer.from((await blobs.get(hashes[index] ?? '')) ?? bytes('none')).toString(), text);
    assert.equal((await readdir(temp.path)).length, 21);
    assert.deepEqual(await blobs.putAll([]), []);
  });

  it('notices a damaged one, and keeps it anew when it is put again', async () => {
    const blobs = new FileCheckpointBlobs({ folder: temp.path });
    const hash = await blobs.put(bytes('whole'));
    await writeFile(path.join(temp.path, hash), 'whale');
    assert.equal(await blobs.get(hash), undefined);
    assert.equal(await blobs.has(hash), false);
    await blobs.put(bytes('whole'));
    await writeFile(path.join(temp.path, hash), 'whale');
    await blobs.put(bytes('whole'));
    assert.equal(Buffer.from((await blobs.get(hash)) ?? []).toString(), 'whole');
  });

  it('gives up what nobody asked for in 30 days, and nothing else', async () => {
    const blobs = new FileCheckpointBlobs({ folder: temp.path });
    const [old, young] = [await aged(blobs, 'old', 31), await aged(blobs, 'young', 29)];
    await writeFile(path.join(temp.path, 'not ours'), '');
    assert.equal(await blobs.prune(neverAborted), 1);
    assert.deepEqual([await blobs.has(old), await blobs.has(young)], [false, true]);
    assert.ok((await readdir(temp.path)).includes('not ours'));
  });

  it('gives up the oldest until the rest is small enough, but nothing that is in use', async () => {
    const blobs = new FileCheckpointBlobs({ folder: temp.path, maxBytes: () => 25 });
    const [first, second, third] = [
      await aged(blobs, '1'.repeat(10), 3),
      await aged(blobs, '2'.repeat(10), 2),
      await aged(blobs, '3'.repeat(10), 1),
    ];
    const fresh = await blobs.put(bytes('4'.repeat(10)));
    // Asked for a moment ago, as by a restore that is under way.
    await blobs.get(first);
    assert.equal(await blobs.prune(neverAborted), 2);
    const left = await Promise.all([first, second, third, fresh].map((hash) => blobs.has(hash)));
    assert.deepEqual(left, [true, false, false, true]);
  });

  it('is empty where nothing was ever put, and asks for no path by a name that is none', async () => {
    const blobs = new FileCheckpointBlobs({ folder: path.join(temp.path, 'none') });
    assert.equal(await blobs.prune(neverAborted), 0);
    assert.equal(await blobs.get('../../etc/passwd'), undefined);
  });
});
