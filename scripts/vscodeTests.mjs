import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { buildTests } from './buildTests.mjs';
import { run } from './children.mjs';
import { withCounts } from './mocha.mjs';
import { root } from './root.mjs';
import { together } from './steps.mjs';
import { runAsScript } from './runAsScript.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/**
 * Runs test/vscode inside a real extension host: the VS Code that the environment variable VSCODE names, else the one in
 * test/host. Each run starts with a copy of test/fixtures/workspace, or with an empty folder.
 * @param {{developmentPath?: string}} [options]
 * @returns {Promise<import('./steps.mjs').Outcome>}
 */
export async function runVsCodeTests({ developmentPath = root } = {}) {
  const files = existsSync(join(root, 'test/vscode')) ? await buildTests('vscode', ['index.ts']) : [];
  if (files.length === 0) return { kind: 'absent' };
  // In processes of their own: runTests() lets its VS Code live on when the process that called it is ended.
  const args = [fileURLToPath(import.meta.url), developmentPath];
  /** @param {string} part @param {(text: string) => void} [onOutput] */
  const runPart = (part, onOutput) =>
    withCounts((counts) =>
      run(process.execPath, args, {
        cwd: root,
        env: { ...process.env, ...counts, COUNTERSIGN_TEST_PART: part },
        ...(onOutput && { onOutput }),
      }),
    );
  // Two windows at a time: what is decided hunk by hunk takes as long as all the rest.
  let said = '';
  const outcomes = await Promise.all([runPart('rest'), runPart('hunks', (text) => (said += text))]);
  console.log(said);
  return together(outcomes);
}

/** @param {string} developmentPath @returns {Promise<number>} the exit code */
async function runInVsCode(developmentPath) {
  const data = temporaryFolder('vscode-tests');
  const folder = join(data, 'workspace');
  mkdirSync(folder);
  const fixture = join(root, 'test/fixtures/workspace');
  if (existsSync(fixture)) cpSync(fixture, folder, { recursive: true });
  // A second extension, installed as people have it: it brings language models into VS Code.
  const extensions = join(data, 'extensions');
  cpSync(join(root, 'test/vscode/fakeModels'), join(extensions, 'countersign-test.fake-models-0.0.1'), {
    recursive: true,
  });
  try {
    return await runTests({
      vscodeExecutablePath: process.env['VSCODE'] ?? join(root, 'test/host/codeStandIn.mjs'),
      extensionDevelopmentPath: developmentPath,
      extensionTestsPath: join(root, 'build/test/vscode/index.js'),
      launchArgs: [folder, `--user-data-dir=${join(data, 'user')}`, `--extensions-dir=${extensions}`],
    });
  } catch (error) {
    if (error instanceof TestRunFailedError) return error.code ?? 128;
    throw error;
  }
}

runAsScript(import.meta.url, ([developmentPath = root]) => runInVsCode(developmentPath));
