import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { buildTests } from './buildTests.mjs';
import { withCounts } from './mocha.mjs';
import { root } from './root.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/**
 * Runs test/vscode inside a real extension host: the VS Code that the environment variable VSCODE names, else the one in
 * test/host. Each run starts with a copy of test/fixtures/workspace, or with an empty folder.
 * @param {{developmentPath?: string}} [options]
 * @returns {Promise<import('./steps.mjs').Outcome>}
 */
export async function runVsCodeTests({ developmentPath = root } = {}) {
  if (!existsSync(join(root, 'test/vscode'))) return { kind: 'absent' };
  const files = await buildTests('vscode', ['index.ts']);
  if (files.length === 0) return { kind: 'absent' };
  const data = temporaryFolder('vscode-tests');
  const folder = join(data, 'workspace');
  mkdirSync(folder);
  const fixture = join(root, 'test/fixtures/workspace');
  if (existsSync(fixture)) cpSync(fixture, folder, { recursive: true });
  return withCounts(async (counts) => {
    try {
      return await runTests({
        vscodeExecutablePath: process.env['VSCODE'] ?? join(root, 'test/host/codeStandIn.mjs'),
        extensionDevelopmentPath: developmentPath,
        extensionTestsPath: join(root, 'build/test/vscode/index.js'),
        extensionTestsEnv: counts,
        launchArgs: [folder, `--user-data-dir=${join(data, 'user')}`, `--extensions-dir=${join(data, 'extensions')}`],
      });
    } catch (error) {
      if (error instanceof TestRunFailedError) return error.code ?? 128;
      throw error;
    }
  });
}
