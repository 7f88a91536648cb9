import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {{cwd?: string, env?: NodeJS.ProcessEnv, onOutput?: (text: string) => void}} ChildOptions */

/** Exit codes a shell reports for a process ended by a signal. */
const signalExitCodes = new Map([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]);

/** Process groups that must not outlive this process. @type {Set<number>} */
const ownedGroups = new Set();

/**
 * Starts a child in a process group of its own. The whole group ends with this process, whether it returns, throws, or
 * is ended by Ctrl-C, SIGTERM, SIGHUP or the end of its parent.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options] `onOutput` gets stdout and stderr as they come; without it both are inherited.
 * @returns {ChildProcess}
 */
export function spawnOwned(command, args, { cwd, env, onOutput } = {}) {
  if (ownedGroups.size === 0) watchForTheEnd();
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: onOutput ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  if (onOutput) for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
  if (child.pid !== undefined) ownedGroups.add(child.pid);
  return child;
}

/**
 * Ends a child and everything it started: asks first, kills what is left after `graceMs`.
 * @param {ChildProcess} child
 * @param {number} [graceMs]
 */
export async function endOwned(child, graceMs = 3_000) {
  if (child.pid !== undefined) await endGroup(child.pid, graceMs);
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<number>} its exit code; 128 and more when a signal ended it
 * @throws {Error} when the command cannot be started
 */
export async function run(command, args, options) {
  const child = spawnOwned(command, args, options);
  try {
    const [code] = await once(child, 'close');
    return typeof code === 'number' ? code : 128;
  } catch (cause) {
    throw new Error(`Could not start ${command}. Is it installed and on PATH?`, { cause });
  } finally {
    if (child.pid !== undefined) await endGroup(child.pid, 0);
  }
}

/**
 * Runs a command quietly; shows what it said only when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<string>} everything it printed
 */
export async function runQuietly(command, args, options = {}) {
  let output = '';
  const code = await run(command, args, { ...options, onOutput: (text) => (output += text) });
  if (code === 0) return output;
  throw new Error(`${[command, ...args].join(' ')} ended with exit code ${code}:\n${output.trim()}`);
}

/** @param {number} group @param {number} graceMs */
async function endGroup(group, graceMs) {
  signalGroup(group, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (signalGroup(group, 0) && Date.now() < deadline) await sleep(50);
  signalGroup(group, 'SIGKILL');
  ownedGroups.delete(group);
}

/**
 * @param {number} group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} false when nothing of the group is left
 */
function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return false;
    throw error;
  }
}

function watchForTheEnd() {
  if (process.listeners('exit').includes(killAll)) return;
  process.prependListener('exit', killAll);
  for (const [signal, code] of signalExitCodes) {
    process.on(signal, () => void endAll().finally(() => process.exit(code)));
  }
  endWithParent();
}

/** npm, when ended by a signal, leaves behind what it started; so whoever owns processes looks whether its parent lives. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void endAll().finally(() => process.exit(signalExitCodes.get('SIGHUP')));
  }, 1_000).unref();
}

async function endAll() {
  await Promise.all([...ownedGroups].map((group) => endGroup(group, 3_000)));
}

function killAll() {
  for (const group of ownedGroups) signalGroup(group, 'SIGKILL');
}
