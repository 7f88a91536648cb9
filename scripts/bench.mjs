import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { run } from './children.mjs';
import { root } from './root.mjs';
import { runAsScript } from './runAsScript.mjs';
import { setup } from './setup.mjs';

// npm run bench:NAME   builds bench/NAME.bench.ts and runs it. Figures are for reading: nothing passes or fails here.

/** @param {readonly string[]} args the benchmark's name, then its own arguments */
async function main([name = '', ...args]) {
  const source = join(root, `bench/${name}.bench.ts`);
  if (name === '' || !existsSync(source)) {
    const known = readdirSync(join(root, 'bench')).flatMap((file) => /^(\w+)\.bench\.ts$/.exec(file)?.[1] ?? []);
    console.error(`There is no benchmark called ${JSON.stringify(name)}. Choose from: ${known.join(', ')}.`);
    return 1;
  }
  await setup();
  const outfile = join(root, `build/bench/${name}.js`);
  await build({
    ...{ entryPoints: [source], outfile, absWorkingDir: root, logLevel: 'warning' },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', packages: 'external', sourcemap: 'inline' },
  });
  return run(process.execPath, ['--expose-gc', '--enable-source-maps', outfile, ...args], { cwd: root });
}

runAsScript(import.meta.url, main);
