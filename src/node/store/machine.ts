import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { promisify } from 'node:util';
import { systemCodeOf } from '../systemError';

/** What tells this process from every other one. A part that is missing cannot be found out here. */
export interface ProcessIdentity {
  /** The operating system's id of the machine; not the host's name, which others share. */
  readonly machineId: string | undefined;
  /** Another one after every start of the machine. */
  readonly bootId: string | undefined;
  /** Within which process ids mean the same. */
  readonly pidNamespace: string | undefined;
  readonly pid: number;
  /** When the process began, as the system writes it: the next one with the same `pid` has another one. */
  readonly startTime: string | undefined;
  /** For people. */
  readonly host: string;
}

/** What is to be known of a process by its id. `startTime` as in ProcessIdentity. */
export type ProcessState =
  { readonly state: 'gone' } | { readonly state: 'running'; readonly startTime: string | undefined };

/** Who we are and what we can see of other processes: the port through which tests play other machines. */
export interface Machine {
  readonly self: ProcessIdentity;
  /** When the machine was started. Milliseconds since 1970. */
  readonly bootedAt: number;
  processState(pid: number): Promise<ProcessState>;
}

/** This machine. Takes a few files to read on Linux, a few short commands elsewhere: ask once. */
export async function readMachine(platform = process.platform): Promise<Machine> {
  const ids = platform === 'linux' ? linux : platform === 'darwin' ? darwin : platform === 'win32' ? windows : unknown;
  const [machineId, bootId, pidNamespace, startTime] = await Promise.all([
    ids.machineId(),
    ids.bootId(),
    ids.pidNamespace(),
    ids.startTime(process.pid),
  ]);
  return {
    self: { machineId, bootId, pidNamespace, pid: process.pid, startTime: startTime ?? undefined, host: hostname() },
    bootedAt: Date.now() - uptime() * 1_000,
    processState: async (pid) => {
      if (isGone(pid)) return { state: 'gone' };
      const began = await ids.startTime(pid);
      return began === null ? { state: 'gone' } : { state: 'running', startTime: began };
    },
  };
}

/** Where a system keeps its ids. `startTime`: `null` for a process that has ended, undefined where it cannot be told. */
interface SystemIds {
  readonly machineId: () => Promise<string | undefined>;
  readonly bootId: () => Promise<string | undefined>;
  readonly pidNamespace: () => Promise<string | undefined>;
  readonly startTime: (pid: number) => Promise<string | null | undefined>;
}

const nothing = async (): Promise<undefined> => undefined;

const linux: SystemIds = {
  machineId: async () => (await textOf('/etc/machine-id')) ?? (await textOf('/var/lib/dbus/machine-id')),
  bootId: () => textOf('/proc/sys/kernel/random/boot_id'),
  pidNamespace: () => orUndefined(readlink('/proc/self/ns/pid')),
  startTime: async (pid) => {
    const stat = await textOf(`/proc/${pid}/stat`);
    if (stat === undefined) return undefined;
    // The name before may hold anything, blanks and brackets too. Then: state, and 19 fields later the start in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /^[ZX]/.test(fields[0] ?? '') ? null : fields[19];
  },
};

const darwin: SystemIds = {
  machineId: async () =>
    /"IOPlatformUUID" = "([^"]+)"/.exec(
      (await outputOf('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'])) ?? '',
    )?.[1],
  bootId: () => outputOf('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']),
  pidNamespace: async () => 'darwin',
  startTime: async (pid) => {
    const line = await outputOf('/bin/ps', ['-o', 'state=,lstart=', '-p', String(pid)]);
    if (line?.startsWith('Z')) return null;
    return line?.replace(/^\S+\s+/, '');
  },
};

const windows: SystemIds = {
  machineId: async () => {
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
    const answer = await outputOf('reg.exe', ['query', key, '/v', 'MachineGuid']);
    return /MachineGuid\s+REG_SZ\s+(\S+)/.exec(answer ?? '')?.[1];
  },
  bootId: nothing,
  pidNamespace: async () => 'windows',
  // There is no quick way to ask: a living process of that number answers on its channel, or it cannot be judged.
  startTime: nothing,
};

const unknown: SystemIds = { machineId: nothing, bootId: nothing, pidNamespace: nothing, startTime: nothing };

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it runs and is somebody else's.
    return systemCodeOf(error) === 'ESRCH';
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return (await orUndefined(readFile(file, 'utf8')))?.trim() || undefined;
}

/** The same words in every language and time zone, since they are compared. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const answer = await orUndefined(promisify(execFile)(program, args, { env, timeout: 5_000, windowsHide: true }));
  return answer?.stdout.trim() || undefined;
}

/** What cannot be found out is unknown: whoever judges takes it so. */
async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  const [result] = await Promise.allSettled([work]);
  return result.status === 'fulfilled' ? result.value : undefined;
}
