import { lstatSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import * as path from 'node:path';
import { randomOf } from './random';

/**
 * A program: swaps entries of a folder with symbolic links and back, in an order that a seed repeats, until it is killed.
 * Arguments: the folder, the seed, then `name=target` for each link that takes the place of a name.
 */
const [folder = '', seed = '0', ...links] = process.argv.slice(2);
const swaps = links.map((link) => link.split('=')).map(([name = '', target = '']) => ({ name, target }));
const random = randomOf(Number(seed));

process.stdout.write('ready\n');
for (;;) {
  const { name, target } = random.pick(swaps);
  const [place, aside] = [path.join(folder, name), path.join(folder, `.${name}.aside`)];
  // Whoever writes there at the same moment may be in the way of one of the steps: the next round starts from what is.
  attempt(() => renameSync(place, aside));
  attempt(() => symlinkSync(target, place));
  for (let pause = random.below(2_000); pause > 0; pause--) Math.sqrt(pause);
  attempt(() => {
    if (lstatSync(place).isSymbolicLink()) unlinkSync(place);
  });
  attempt(() => renameSync(aside, place));
}

function attempt(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
