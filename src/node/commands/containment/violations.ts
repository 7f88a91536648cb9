import { hostPathRules, isInside } from '../../lexicalPath';
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
/** What programs say of a refused write, also those that go on as if nothing was. */
const refusedWrite =
  /^.*\b(?:device or resource busy|read-only file system|EBUSY|EROFS|unable to (?:unlink|create|write|rename)\b.*|could not write config|update of config-file failed|(?:error|fatal|warning|cannot|can't|could not|failed|unable)\b.*(?:permission denied|operation not permitted|EACCES|EPERM))/im;
const refusedText = /read-only file system|permission denied|operation not permitted|EROFS|EACCES|EPERM/i;
const noNetwork =
  /\b(?:EAI_AGAIN|ENOTFOUND|ENETUNREACH)\b|temporary failure in name resolution|could not resolve (?:host|proxy)|network is unreachable|name or service not known|nodename nor servname/i;

export interface EndedCommand {
  readonly failed: boolean;
  readonly output: string;
  /** The folders of the workspace. Default: none are known. */
  readonly roots?: readonly string[];
}

/**
 * One sentence each for what the sandbox refused. Refused writes outside of the workspace are told only of a command that
 * failed: many programs try places that they can do without. Inside of it a write that was refused leaves work half done, with
 * whatever exit code.
 */
export function refusalSentences(
  violations: readonly Violation[],
  { failed, output, roots = [] }: EndedCommand,
): readonly string[] {
  const sentences = violations.flatMap((violation) => {
    switch (violation.kind) {
      case 'made':
        return [shown(violation.sentence)];
      case 'network':
        return [`It tried to reach ${shown(violation.host)}, which is not allowed.`];
      case 'write': {
        const isTold = failed || roots.some((root) => isInside(root, violation.path, hostPathRules, false));
        return isTold ? [`It tried to change ${shown(violation.path)}, which the sandbox does not allow.`] : [];
      }
    }
  });
  const isWriteTold = violations.some(({ kind }) => kind === 'write') && sentences.length > 0;
  const seen = !isWriteTold && (refusedWrite.test(output) || (failed && refusedText.test(output)));
  const unconnected = failed && noNetwork.test(output) && !violations.some(({ kind }) => kind === 'network');
  return [
    ...[...new Set(sentences)].slice(0, maxSentences),
    ...(seen
      ? ['The sandbox may have refused to change something: see the output. What it did may be incomplete.']
      : []),
    ...(unconnected ? ['The sandbox reaches only allowed hosts, through HTTP_PROXY.'] : []),
  ];
}

/** Hosts and paths are the command's own words: nothing invisible in them. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
