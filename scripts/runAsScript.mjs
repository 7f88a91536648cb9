import { realpathSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * Runs `main` when the module was started from the command line and not imported. A failure ends the process with exit
 * code 1 and its message. (No top-level await: a module that has one cannot be required by a bundled test.)
 * @param {string} moduleUrl the module's `import.meta.url`
 * @param {(args: string[]) => Promise<number | void> | number | void} main may return the exit code
 */
export function runAsScript(moduleUrl, main) {
  const [, started, ...args] = process.argv;
  if (started === undefined || realpathSync(started) !== fileURLToPath(moduleUrl)) return;
  Promise.resolve()
    .then(() => main(args))
    .then((code) => {
      if (typeof code === 'number') process.exit(code);
    })
    .catch((error) => {
      console.error(error instanceof Error ? error.message : error);
      if (process.env['DEBUG'] !== undefined) console.error(error);
      process.exit(1);
    });
}
