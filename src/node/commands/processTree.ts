import { execFile, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemCodeOf, unlessFailing } from '../systemError';

/** The variable by which processes are found that left their group (`setsid`); its value begins with the sandbox's mark. */
export const markVariable = 'COUNTERSIGN_COMMAND_MARK';

/** When each signal is sent, after the first one. All together stay under the 2 s that Stop may take. */
const signalLadder: readonly { readonly signal: NodeJS.Signals; readonly afterMs: number }[] = [
  { signal: 'SIGINT', afterMs: 0 },
  { signal: 'SIGTERM', afterMs: 500 },
  { signal: 'SIGKILL', afterMs: 1_000 },
];
const lastLookMs = 1_300;
const pollMs = 25;

/**
 * Ends a command with its process group and, on Linux, with what escaped from it. Resolves when they are gone, after 1.3 s at
 * most. `held`: a sandbox holds it, which would end everything in it at once on the first polite signal; so these go to the
 * command's own processes alone.
 */
export async function endTree(groupId: number, mark: string, held = false): Promise<void> {
  if (process.platform === 'win32') return endWindowsTree(groupId);
  const start = performance.now();
  for (const { signal, afterMs } of signalLadder) {
    if (await goneBy(start + afterMs, groupId, mark)) return;
    const marked = await findMarked(mark);
    const inmost = held && signal !== 'SIGKILL' ? await inmostOf(marked) : [];
    if (inmost.length === 0) signalGroup(groupId, signal);
    for (const processId of inmost.length === 0 ? marked : inmost) signalProcess(processId, signal);
  }
  await goneBy(start + lastLookMs, groupId, mark);
}

/** Ends what carries the mark, at once. */
export async function endMarked(mark: string): Promise<void> {
  for (const processId of await findMarked(mark)) signalProcess(processId, 'SIGKILL');
}

/** Whether the group has members that run. On Linux those that only wait to be reaped do not count: in a container nobody may reap them. */
export async function isGroupAlive(groupId: number): Promise<boolean> {
  if (process.platform === 'win32' || !signalGroup(groupId, 0)) return false;
  if (process.platform !== 'linux') return true;
  const members = await eachProcess(async (processId) => {
    const stat = await unlessFailing(goneCodes, readFile(`/proc/${processId}/stat`, 'latin1'));
    // After the name, which may hold anything: state, parent, group.
    const [state, , group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    return Number(group) === groupId && state !== 'Z' && state !== 'X';
  });
  return members.length > 0;
}

/** Whether everything is gone, at that time at the latest. The costly look for escaped processes comes last. */
async function goneBy(deadlineMs: number, groupId: number, mark: string): Promise<boolean> {
  for (;;) {
    if (!(await isGroupAlive(groupId)) && (await findMarked(mark)).length === 0) return true;
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) return false;
    await sleep(Math.min(pollMs, leftMs));
  }
}

/** Processes of this user whose environment has a mark that begins like this. Linux only: elsewhere nobody may look. */
export async function findMarked(mark: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return [];
  const wanted = Buffer.from(`${markVariable}=${mark}`);
  return eachProcess(async (processId) => {
    const environment = await unlessFailing(goneCodes, readFile(`/proc/${processId}/environ`));
    return environment !== undefined && holds(environment, wanted);
  });
}

/** Those in the deepest process namespace, without its first process. Empty when all are in the host's. */
async function inmostOf(processIds: readonly number[]): Promise<readonly number[]> {
  const places = await Promise.all(
    processIds.map(async (processId) => {
      const status = await unlessFailing(goneCodes, readFile(`/proc/${processId}/status`, 'latin1'));
      return { processId, numbers: /^NSpid:\s*(.*)$/m.exec(status ?? '')?.[1]?.split(/\s+/) ?? [] };
    }),
  );
  const depth = Math.max(0, ...places.map(({ numbers }) => numbers.length));
  if (depth < 2) return [];
  return places
    .filter(({ numbers }) => numbers.length === depth && numbers.at(-1) !== '1')
    .map(({ processId }) => processId);
}

/** Gone in the meantime, another user's, or the kernel's own. */
const goneCodes = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

/** The processes, apart from this one, for which `isWanted` holds. */
async function eachProcess(isWanted: (processId: number) => Promise<boolean>): Promise<readonly number[]> {
  const processIds = (await readdir('/proc')).map(Number).filter((id) => Number.isInteger(id) && id !== process.pid);
  const wanted = await Promise.all(processIds.map(isWanted));
  return processIds.filter((_, index) => wanted[index]);
}

/** As a variable of its own, not inside of another one's value. */
function holds(environment: Buffer, wanted: Buffer): boolean {
  const at = environment.indexOf(wanted);
  return at === 0 || (at > 0 && environment[at - 1] === 0);
}

function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  return signalProcess(-groupId, signal);
}

/** False: there is no such process any more. */
function signalProcess(processId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(processId, signal);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ESRCH') return false;
    // Somebody else's by now (sudo): it is there, and not ours to end.
    if (code === 'EPERM') return signal === 0;
    throw error;
  }
}

async function endWindowsTree(processId: number): Promise<void> {
  // It fails for a process that has ended by itself, which is what was wanted.
  await Promise.allSettled([
    promisify(execFile)('taskkill', ['/pid', String(processId), '/T', '/F'], {
      windowsHide: true,
      timeout: lastLookMs,
    }),
  ]);
}

/** Resolves with the exit code, or with undefined when a signal ended it. @throws what kept it from starting. */
export function exitOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? undefined));
  });
}
