import { appendFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

const root = resolve(__dirname, '../../..');

/** VS Code's entry: runs the built tests beside this file, all of them or a part. Rejects when one failed, so that VS Code ends with 1. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const outputFile = process.env['COUNTERSIGN_TEST_OUTPUT'];
  if (outputFile !== undefined) printTo(outputFile);
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 20_000,
    // As in test/e2e: a busy machine; whatever is tried again is named at the end.
    retries: 1,
    reporter: resolve(root, 'scripts/countingReporter.cjs'),
  });
  for (const file of testFiles()) mocha.addFile(file);
  const failures = await new Promise<number>((done) => mocha.run(done));
  if (failures > 0) throw new Error(`${String(failures)} tests failed`);
}

/** The extension host's console does not reach the terminal; the stand-in for `code` copies this file there. */
function printTo(outputFile: string): void {
  Mocha.reporters.Base.consoleLog = (...values: unknown[]) => {
    appendFileSync(outputFile, `${format(...values)}\n`);
  };
}

function testFiles(): string[] {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  const part = process.env['COUNTERSIGN_TEST_PART'];
  const isOfHunks = (file: string): boolean => /^(?:pending|editsHunks)/.test(file);
  return files
    .filter((file) => file.endsWith('.test.js') && (part === undefined || isOfHunks(file) === (part === 'hunks')))
    .map((file) => join(__dirname, file));
}
