import type { Containment } from '../../../core/protocol/toolCalls';
import type { CanaryFindings } from './canary';

const anyFile = 'It can change every file that you can change.';
const anyHost = 'It can reach every host.';
const heldFiles =
  'It can change files of the workspace only, not those there that other programs obey; new ones of these are told afterwards. It cannot read files that are known to hold secrets.';

export function notContained(reason: string, fix: string): Containment {
  return { level: 'none', files: anyFile, network: anyHost, reason, fix };
}

export interface Findings extends CanaryFindings {
  /** Where secrets and protected files were not looked for, as the rest of a sentence. */
  readonly gap?: string | undefined;
}

/** What holds commands, by what the canary reached. */
export function containmentOf(found: Findings, hosts: readonly string[], fix: string): Containment {
  if (!found.wroteInside) {
    const last = found.output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    return notContained(`Commands do not work in the sandbox here${last === '' ? '' : ` (${last})`}.`, fix);
  }
  const filesHeld = found.gap === undefined && !found.wroteOutside && !found.wroteProtected && !found.readSecret;
  const networkHeld = !found.reachedHost && !found.reachedNameServer;
  const gap = found.gap === undefined ? [] : [`read secrets and change protected files ${found.gap}`];
  const leaks = [
    ...(found.wroteOutside ? ['change files outside of the workspace'] : []),
    ...(found.wroteProtected ? ['change protected files'] : []),
    ...(found.readSecret ? ['read secrets'] : []),
    ...(found.reachedHost ? ['reach hosts that are not allowed'] : []),
    ...(found.reachedNameServer ? ['send name queries'] : []),
    ...(found.reachedUnixSocket ? ['talk to programs of this machine through Unix sockets'] : []),
    ...gap,
  ];
  if (found.wroteOutside && !networkHeld) return notContained('The sandbox was tried and does not hold.', fix);
  return {
    level: leaks.length === 0 ? 'os' : 'partial',
    files: filesHeld ? heldFiles : `It can ${list(leaks.filter((leak) => /files|secrets/.test(leak)))}.`,
    network: networkHeld ? networkLine(hosts) : anyHost,
    reason: leaks.length === 0 ? '' : `The sandbox was tried; commands can still ${list(leaks)}.`,
    fix: leaks.length === 0 ? '' : fix,
  };
}

function networkLine(hosts: readonly string[]): string {
  return hosts.length === 0 ? 'It can reach no host.' : `It can reach only ${list(hosts)}.`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
