import { execFileSync } from 'node:child_process';

/** A process that has ended but whose parent has not looked yet (a zombie) does not count. */
export function isGroupAlive(group: number): boolean {
  const rows = execFileSync('ps', ['-e', '-o', 'pgid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return rows.some((row) => {
    const [pgid, state = ''] = row.trim().split(/\s+/);
    return Number(pgid) === group && !state.startsWith('Z');
  });
}
