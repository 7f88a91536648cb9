import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import type { RipgrepOption } from '../../src/node/search/fileFinder';

/** The VS Code for tests, which brings a ripgrep along. */
export const testAppRoot: string = path.join(process.cwd(), 'test/host/node_modules/code-server/lib/vscode');

const platform = `${process.platform}-${process.arch}`;

/** Every ripgrep of this machine, as the option that makes a sandbox take it. */
export const ripgreps: readonly { readonly name: string; readonly file: string; readonly option: RipgrepOption }[] = [
  {
    name: "ripgrep of VS Code's installation",
    file: path.join(testAppRoot, 'node_modules', '@vscode', 'ripgrep-universal', 'bin', platform, 'rg'),
    option: { appRoot: testAppRoot, searchPath: '' },
  },
  { name: 'ripgrep of the system', file: '/usr/bin/rg', option: { searchPath: '/usr/bin' } },
].filter(({ file }) => isProgram(file));

/** Old ones are not used (see findRipgrep). */
function isProgram(file: string): boolean {
  const { error, stdout } = spawnSync(file, ['--no-config', '--version'], { encoding: 'utf8' });
  return error === undefined && Number(/^ripgrep (\d+)/.exec(stdout)?.[1]) >= 14;
}
