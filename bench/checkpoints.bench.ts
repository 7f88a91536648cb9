import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CheckpointRecorder } from '../src/core/checkpoints/checkpointRecorder';
import type { MessageId } from '../src/core/protocol/ids';
import type { FileChange } from '../src/core/sandbox/sandbox';
import { FileCheckpointBlobs } from '../src/node/checkpoints/fileCheckpointBlobs';
import { LocalSandbox } from '../src/node/localSandbox';
import { median, ms, say, timed, times, title } from './figures';

const workspaceFiles = 5_000;
const sizes = [1, 40] as const;
const turns = 15;
const fileBytes = 8 * 1024;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-'));
  try {
    const names = fill(path.join(folder, 'ws'));
    title(`What a turn's checkpoint takes: ${fileBytes / 1024} KB files, of ${names.length} in the workspace`);
    const costs: number[] = [];
    for (const count of sizes)
      costs.push(await measure(path.join(folder, 'ws'), path.join(folder, 'blobs'), names, count));
    const [one = 0, many = 0] = costs;
    const small = await measure(
      path.join(folder, 'ws', 'part-0'),
      path.join(folder, 'blobs'),
      names.slice(0, 50).map((name) => path.basename(name)),
      1,
    );
    say('1 file of a workspace of 50 instead', ms(small));
    say('40 files against 1', times(many / one), 'about 40x');
    say('files kept', String(readdirSync(path.join(folder, 'blobs')).length));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median of what keeping the files and noting the edit adds to a turn, in milliseconds. */
async function measure(ws: string, blobs: string, names: readonly string[], count: number): Promise<number> {
  const sandbox = new LocalSandbox({ workDir: ws });
  const signal = new AbortController().signal;
  const recorder = new CheckpointRecorder({
    ...{ blobs: new FileCheckpointBlobs({ folder: blobs }), files: sandbox.files, seq: () => 1, now: Date.now },
    ...{ reader: { readRecords: async () => [] }, record: async () => undefined },
  });
  const elapsed: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const changes = await Promise.all(
      names.slice(turn * count, (turn + 1) * count).map(async (name): Promise<FileChange> => {
        const { path: file, display } = await sandbox.files.resolve(name, signal);
        return { path: file, display, before: '', after: '' };
      }),
    );
    const edits = recorder.ofTurn(`msg-${turn}` as MessageId);
    elapsed.push((await timed(() => edits.around(changes, signal, async () => undefined))).elapsedMs);
  }
  await sandbox.dispose();
  const cost = median(elapsed);
  say(`${count} ${count === 1 ? 'file' : 'files'} touched`, ms(cost));
  return cost;
}

/** @returns the names of files that all differ */
function fill(folder: string): readonly string[] {
  return Array.from({ length: workspaceFiles }, (_none, index) => {
    const part = `part-${Math.floor(index / 50)}`;
    if (index % 50 === 0) mkdirSync(path.join(folder, part), { recursive: true });
    const name = path.join(part, `file-${index}.txt`);
    writeFileSync(path.join(folder, name), `${index} `.repeat(fileBytes).slice(0, fileBytes));
    return name;
  });
}

void main();
