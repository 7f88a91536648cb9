import { accessSync, constants, readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface SystemFacts {
  readonly platform: NodeJS.Platform;
  /** As `process.versions.node`. */
  readonly nodeVersion: string;
  readonly hasProgram: (name: string) => boolean;
}

export interface Lack {
  readonly reason: string;
  readonly fix: string;
}

const neededNode = [22, 12] as const;

/** What keeps commands from being held on this machine; undefined: nothing that is known before it is tried. */
export function lackOf({ platform, nodeVersion, hasProgram }: SystemFacts): Lack | undefined {
  if (platform === 'win32')
    return { reason: 'Windows has no sandbox for commands.', fix: 'Open the folder in WSL or in a dev container.' };
  if (platform !== 'linux' && platform !== 'darwin')
    return { reason: `There is no sandbox for commands on ${platform}.`, fix: '' };
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major < neededNode[0] || (major === neededNode[0] && minor < neededNode[1]))
    return {
      reason: `The sandbox needs Node ${neededNode.join('.')}, this is ${nodeVersion}.`,
      fix: `Use Node ${neededNode.join('.')} or newer; in VS Code, update VS Code.`,
    };
  const needed = platform === 'linux' ? ['bwrap', 'socat'] : ['sandbox-exec'];
  const missing = needed.filter((name) => !hasProgram(name));
  if (missing.length === 0) return undefined;
  const fix = platform === 'linux' ? installLine(missing, hasProgram) : '';
  return { reason: `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed.`, fix };
}

/** What to do when the programs are there and do not hold. */
export function fixOfFailure(reason: string, platform = process.platform): string {
  if (platform !== 'linux') return '';
  if (isOne('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'))
    return 'AppArmor keeps programs from making namespaces. Allow it for bubblewrap: a profile /etc/apparmor.d/bwrap that says "abi <abi/4.0>, profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }", then sudo systemctl reload apparmor.';
  if (/namespace|uid map|CAP_SETFCAP|Operation not permitted/i.test(reason))
    return 'Allow user namespaces: sudo sysctl kernel.unprivileged_userns_clone=1; in a container, start it with permission to make namespaces.';
  return '';
}

/** Looks along PATH. */
export function hasProgramOn(searchPath: string | undefined): (name: string) => boolean {
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return (name) => folders.some((folder) => isExecutable(path.join(folder, name)));
}

function installLine(missing: readonly string[], hasProgram: SystemFacts['hasProgram']): string {
  const packages = missing.map((name) => (name === 'bwrap' ? 'bubblewrap' : name)).join(' ');
  const installers = [
    ['apt-get', 'install'],
    ['dnf', 'install'],
    ['pacman', '-S'],
    ['zypper', 'install'],
    ['apk', 'add'],
  ] as const;
  const [program, word] = installers.find(([name]) => hasProgram(name)) ?? installers[0];
  return `Install ${packages.replace(' ', ' and ')}: sudo ${program} ${word} ${packages}`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isOne(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').trim() === '1';
  } catch {
    // A kernel without this switch.
    return false;
  }
}
