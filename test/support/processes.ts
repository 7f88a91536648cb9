import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** A process of this machine by what was called; 0: there is none. Within a sandbox processes have other numbers than here. */
export function processCalled(command: string): number {
  return Number(readdirSync('/proc').find((id) => commandOf(id) === command) ?? 0);
}

/** What was called, with its arguments; empty for what is no process, or none any more. */
export function commandOf(id: string | number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

export function parentOf(pid: number): number {
  return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 0);
}

/** Those that were called with this word by a process, or by one below it, whose call holds the other text. */
export function processesUnder(caller: string, word: string): readonly number[] {
  const isUnder = (pid: number): boolean => pid > 1 && (commandOf(pid).includes(caller) || isUnder(parentOf(pid)));
  const all = readdirSync('/proc').filter((id) => /^\d+$/.test(id) && commandOf(id).split(' ').includes(word));
  return all.map(Number).filter(isUnder);
}

/** Waits until a process is gone. */
export async function gone(pid: number, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (existsSync(`/proc/${pid}`)) {
    assert.ok(Date.now() < deadline, 'the process lives on');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
