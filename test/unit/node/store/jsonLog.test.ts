import { strict as assert } from 'node:assert';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { SessionLog } from '../../../../src/core/store/store';
import { openHistoryFile, type HistoryFile, type OpenHistoryFile } from '../../../../src/node/store/historyFile';
import { encodeEntry } from '../../../../src/node/store/jsonEntry';
import { jsonFileName, jsonFormat } from '../../../../src/node/store/jsonLog';
import { batchOf, everythingOf, textMessage } from '../../../support/batches';
import { refusalOf } from '../../../support/refusal';
import { useTempFolder } from '../../../support/tempFolder';

const free = { checkLease: () => undefined };

describe('the history in JSON lines', () => {
  const folder = useTempFolder();
  const file = (): string => path.join(folder.path, jsonFileName);

  const opened: HistoryFile[] = [];
  afterEach(async () => {
    // What a test left as a crash would is let go of, without marking an end.
    for (const one of opened.splice(0)) await one.close();
  });
  const openFile: OpenHistoryFile = async (name, mode) => {
    const real = await openHistoryFile(name, mode);
    opened.push(real);
    return real;
  };
  const format = jsonFormat(openFile);

  /** A history of three messages, not closed. */
  async function threeMessages(): Promise<SessionLog> {
    const log = await format.open(folder.path, 'create', free);
    for (const seq of [1, 2, 3]) {
      await log.commit(batchOf(seq, { messages: [textMessage(`message ${seq}`)] }));
      await log.barrier();
    }
    return log;
  }
  const reopened = (): Promise<SessionLog> => format.open(folder.path, 'existing', free);
  async function textsIn(log: SessionLog): Promise<readonly string[]> {
    return (await everythingOf(log)).messages.map(({ id }) => id);
  }

  it('can be read by any tool: every line is JSON', async () => {
    await (await threeMessages()).close();
    const lines = (await readFile(file(), 'utf8')).trimEnd().split('\n');
    const kinds = lines.map((line) => (JSON.parse(line) as { entry: { kind: string } }).entry.kind);
    assert.deepEqual(kinds, ['head', 'batch', 'batch', 'batch', 'end']);
  });

  it('loses at most the last line wherever a crash cut it off, and can be written on', async () => {
    await threeMessages();
    const whole = await readFile(file());
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let length = lastLine; length < whole.length; length++) {
      await writeFile(file(), whole.subarray(0, length));
      const reader = await format.read(folder.path);
      assert.equal((await reader.load()).messageCount, 2, `read at ${length}`);
      await reader.close();
      const log = await reopened();
      assert.deepEqual(await textsIn(log), ['message 1', 'message 2'], `cut at ${length}`);
      assert.equal((await stat(file())).size, lastLine);
      if (length % 10 > 0) continue;
      await log.commit(batchOf(3, { messages: [textMessage('another')] }));
      await log.close();
      assert.deepEqual(await textsIn(await reopened()), ['message 1', 'message 2', 'another']);
    }
  });

  it('notices every single changed byte of what was on the disk for sure', async () => {
    await (await threeMessages()).close();
    const whole = await readFile(file());
    const lines = whole.toString('latin1').split('\n');
    const ends = lines.map((_line, index) => lines.slice(0, index + 1).join('\n').length);
    const endLine = ends[3] ?? 0;
    for (let at = 0; at <= endLine; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(file(), changed);
      const refusal = await refusalOf('damaged', reopened());
      const line = ends.findIndex((end) => at <= end) + 1;
      assert.ok(refusal.message.startsWith(`Line ${line} of `), `byte ${at}: ${refusal.message}`);
    }
  });

  it('takes a changed byte of the closing line for an end that nobody marked', async () => {
    await (await threeMessages()).close();
    const whole = await readFile(file());
    const endLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let at = endLine; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(file(), changed);
      const log = await reopened();
      assert.equal((await log.load()).closedCleanly, false);
      assert.equal((await log.load()).messageCount, 3);
    }
  });

  it('drops unacknowledged lines after one that a power cut took', async () => {
    const log = await threeMessages();
    const promised = (await stat(file())).size;
    await log.commit(batchOf(4, { messages: [textMessage('lost in the cut')] }));
    await log.commit(batchOf(5, { messages: [textMessage('written, but never promised')] }));
    const whole = await readFile(file());
    whole.fill(0, promised, promised + 40);
    await writeFile(file(), whole);
    assert.deepEqual(await textsIn(await reopened()), ['message 1', 'message 2', 'message 3']);
  });

  it('refuses a file that is missing or empty, or of a newer version', async () => {
    const refused = async (code: string): Promise<void> => {
      await refusalOf(code, reopened());
      await refusalOf(code, format.read(folder.path));
    };
    await refused('damaged');
    await writeFile(file(), '');
    await refused('damaged');
    await writeFile(file(), encodeEntry({ kind: 'head', version: 2, synced: 0 }));
    await refused('newer_version');
    await refusalOf('newer_version', format.salvage(folder.path));
  });

  it('reads along beside the writer, without the line that is being written', async () => {
    const log = await threeMessages();
    const reader = await format.read(folder.path);
    await appendFile(file(), '{"crc":"');
    assert.equal((await reader.readMessages()).length, 3);
    await log.commit(batchOf(4, { messages: [textMessage('message 4')] }));
    assert.equal((await reader.readMessages()).length, 4);
  });

  for (const [systemCode, code] of [
    ['ENOSPC', 'disk_full'],
    ['EIO', 'io'],
    ['EROFS', 'read_only'],
  ] as const)
    it(`says ${code} for ${systemCode} and writes no more, at whichever write it comes`, async () => {
      for (let good = 0; good < 5; good++) {
        const part = path.join(folder.path, `writes ${good}`);
        await folder.write({ [path.join(`writes ${good}`, 'keep')]: '' });
        const disk = failingDisk(systemCode, { afterWrites: good });
        const written = await writeUntilRefused(part, disk.open, code);
        assert.equal(disk.callsAfterFailure(), 0);
        if (written < 0) continue;
        const log = await format.open(part, 'existing', free);
        assert.equal((await log.load()).messageCount, written);
        await log.close();
      }
    });

  it('says io for a failed flush and never tries that file again', async () => {
    const disk = failingDisk('EIO', { afterSyncs: 2 });
    const log = await jsonFormat(disk.open).open(folder.path, 'create', free);
    await log.commit(batchOf(1));
    await log.barrier();
    await log.commit(batchOf(2));
    const waiting = [log.barrier(), log.barrier()];
    for (const one of waiting) await refusalOf('io', one);
    await refusalOf('io', log.barrier());
    await refusalOf('io', log.commit(batchOf(3)));
    await refusalOf('io', log.load());
    await log.close();
    assert.equal(disk.callsAfterFailure(), 0);
  });

  /** Commits until the disk fails; the number of messages that were stored, -1 when not even the file could be made. */
  async function writeUntilRefused(part: string, openFile: OpenHistoryFile, code: string): Promise<number> {
    const opening = jsonFormat(openFile).open(part, 'create', free);
    const [opened] = await Promise.allSettled([opening]);
    if (opened.status === 'rejected') {
      await refusalOf(code, opening);
      return -1;
    }
    const log = opened.value;
    for (let seq = 1; ; seq++) {
      const batch = batchOf(seq, { messages: [textMessage(`message ${seq}`)] });
      const [stored] = await Promise.allSettled([log.commit(batch)]);
      if (stored.status === 'fulfilled') continue;
      await refusalOf('io', log.commit(batch));
      await log.close();
      return seq - 1;
    }
  }

  /** A real file on a disk that takes half of one write, or refuses one flush. */
  function failingDisk(code: string, at: { readonly afterWrites?: number; readonly afterSyncs?: number }) {
    let [writes, syncs, late, failed] = [0, 0, 0, false];
    const fail = (): never => {
      failed = true;
      throw Object.assign(new Error(`${code}: made up`), { code });
    };
    const open: OpenHistoryFile = async (name, mode) => {
      const real = await openFile(name, mode);
      const failing: HistoryFile = {
        ...real,
        append(data, place) {
          if (failed) late++;
          if (writes++ !== at.afterWrites) {
            real.append(data, place);
            return;
          }
          real.append(data.subarray(0, data.length / 2), place);
          fail();
        },
        async sync() {
          if (failed) late++;
          if (syncs++ === at.afterSyncs) fail();
          await real.sync();
        },
      };
      return failing;
    };
    return { open, callsAfterFailure: () => late };
  }
});
