import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { median, timed } from './figures';

/** Milliseconds that the disk alone takes for what a step waits for: two writes of 11 KB at a file's end, each with its flush. */
export async function bareFlushes(folder: string): Promise<number> {
  const file = await open(path.join(folder, 'bare'), 'a');
  try {
    const bytes = Buffer.alloc(11 * 1024, 1);
    const rounds: number[] = [];
    for (let round = 0; round < 200; round++) {
      const { elapsedMs } = await timed(async () => {
        for (const piece of [bytes, bytes]) {
          await file.write(piece);
          await file.datasync();
        }
      });
      rounds.push(elapsedMs);
    }
    return median(rounds);
  } finally {
    await file.close();
  }
}
