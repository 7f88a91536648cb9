import type { Violation } from './runtimeMessages';

const network = /^deny network-outbound (.+):(\d+) \(/;
/** `deny openat /etc/x` on Linux, `deny(1) file-write-create /etc/x` on macOS. */
const write = /(?:^deny [a-z0-9]+|deny\(\d+\) file-write[a-z-]*) (\/.*)$/;
/** Always there for commands, whatever the record says. */
const kernel = /^\/(?:dev|proc|sys)\//;
const maxPathCharacters = 300;

/** Reads a line of the sandbox's records; undefined: it tells nothing of use. */
export function violationOf(line: string): Violation | undefined {
  const [, host, port] = network.exec(line) ?? [];
  if (host !== undefined && port !== undefined) return { kind: 'network', host, port };
  const file = write.exec(line)?.[1];
  return file === undefined || kernel.test(file)
    ? undefined
    : { kind: 'write', path: file.slice(0, maxPathCharacters) };
}

const maxSentences = 10;
const refusedText = /read-only file system|permission denied|operation not permitted|EROFS|EACCES|EPERM/i;

/**
 * One sentence each for what the sandbox refused. Refused writes are told only of a command that failed: many programs try
 * places that they can do without.
 */
export function refusalSentences(
  violations: readonly Violation[],
  { failed, output }: { readonly failed: boolean; readonly output: string },
): readonly string[] {
  const sentences = violations.flatMap((violation) => {
    if (violation.kind === 'network') return [`It tried to reach ${shown(violation.host)}, which is not allowed.`];
    return failed ? [`It tried to change ${shown(violation.path)}, which the sandbox does not allow.`] : [];
  });
  const unique = [...new Set(sentences)];
  if (unique.length > 0 || !failed) return unique.slice(0, maxSentences);
  return refusedText.test(output) ? ['The sandbox may have refused something: see the output.'] : [];
}

/** Hosts and paths are the command's own words: nothing invisible in them. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
