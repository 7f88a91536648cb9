import { statSync } from 'node:fs';
import * as path from 'node:path';

/** The program that runs command lines. */
export interface Shell {
  /** For the model, so that it writes for the right one. */
  readonly name: 'bash' | 'sh' | 'PowerShell';
  readonly file: string;
  readonly argumentsFor: (command: string) => readonly string[];
}

export interface ShellSearch {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isFile: (file: string) => boolean;
}

/** bash, else sh; on Windows the bash of Git, else PowerShell. WSL's bash is not taken: it sees other paths. */
export function findShell(search: ShellSearch = thisMachine): Shell {
  if (search.platform === 'win32') return findWindowsShell(search);
  const folders = [...(search.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'))];
  const bash = ['/bin', '/usr/bin', ...folders]
    .map((folder) => path.posix.join(folder, 'bash'))
    .find((file) => search.isFile(file));
  return bash === undefined ? posixShell('sh', '/bin/sh') : posixShell('bash', bash);
}

const thisMachine: ShellSearch = {
  platform: process.platform,
  env: process.env,
  isFile: (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
};

function posixShell(name: 'bash' | 'sh', file: string): Shell {
  return { name, file, argumentsFor: (command) => ['-c', command] };
}

function findWindowsShell({ env, isFile }: ShellSearch): Shell {
  const join = (...parts: readonly string[]): string => path.win32.join(...parts);
  const value = (wanted: string): string | undefined =>
    Object.entries(env).find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
  const programFolders = ['ProgramFiles', 'ProgramW6432', 'ProgramFiles(x86)'].flatMap((name) => value(name) ?? []);
  const localPrograms = value('LocalAppData');
  const besideGit = (value('Path') ?? '')
    .split(';')
    .filter((folder) => path.win32.isAbsolute(folder) && isFile(join(folder, 'git.exe')))
    .map((folder) => join(folder, '..'));
  const gitFolders = [
    ...programFolders.map((folder) => join(folder, 'Git')),
    ...(localPrograms === undefined ? [] : [join(localPrograms, 'Programs', 'Git')]),
    ...besideGit,
  ];
  const bash = gitFolders.map((folder) => join(folder, 'bin', 'bash.exe')).find(isFile);
  if (bash !== undefined) return posixShell('bash', bash);
  const file = join(value('SystemRoot') ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return {
    name: 'PowerShell',
    file,
    argumentsFor: (command) => ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command],
  };
}
