import * as path from 'node:path';
import type { RuleSubject } from '../../core/protocol/toolCalls';
import type { CommandJudgment } from '../../core/sandbox/sandbox';
import type { Finding } from '../../core/shell/grammar';
import { judgeLine, type JudgedCommand } from '../../core/shell/judgeLine';
import { quoteWords } from '../../core/shell/quote';
import type { PathBox } from '../pathBox';
import { problemOfCheck, problemOfWrite } from './commandChecks';
import { boundScript, type BoundScript } from './packageScript';

type Variables = Readonly<Record<string, string | undefined>>;

/** One command with what the disk says to it. */
interface Looked {
  readonly command: JudgedCommand;
  readonly reasons: readonly string[];
  readonly runs: boolean;
  /** Undefined: it is not known where it would run. */
  readonly cwd: string | undefined;
  readonly script?: BoundScript | undefined;
  /** It would write where no remembered answer should let it. */
  readonly writesGuarded: boolean;
}

/** Judges a command line for bash or sh: its text first, then what it names on the disk. @param cwd real and inside the box. @param variables that commands get. */
export async function guardCommand(
  command: string,
  cwd: string,
  box: PathBox,
  variables: Variables,
  signal: AbortSignal,
): Promise<CommandJudgment> {
  const line = judgeLine(command);
  const whole: RuleSubject = { kind: 'line', text: command, cwd: await box.displayOf(cwd) };
  if (line.kind === 'unclear')
    return { kind: 'ask', reasons: [line.reason], rules: line.rememberable ? [whole] : [], runsWorkspaceCode: true };
  const looked: Looked[] = [];
  let folder: string | undefined = cwd;
  for (const one of line.commands) {
    const found = await look(one, folder, box, variables, signal);
    looked.push(found);
    if (one.words[0] === 'cd')
      folder =
        found.reasons.length > 0 || folder === undefined ? undefined : await folderAfter(one, folder, box, signal);
  }
  const reasons = [...new Set(looked.flatMap((one) => one.reasons))];
  if (reasons.length === 0) return { kind: 'harmless' };
  const runsWorkspaceCode = looked.some(({ runs }) => runs);
  return { kind: 'ask', reasons, rules: rulesFor(looked, whole), runsWorkspaceCode };
}

async function folderAfter(command: JudgedCommand, folder: string, box: PathBox, signal: AbortSignal): Promise<string> {
  return (await box.resolve(path.resolve(folder, command.words[1] ?? '.'), signal)).path;
}

async function look(
  command: JudgedCommand,
  folder: string | undefined,
  box: PathBox,
  variables: Variables,
  signal: AbortSignal,
): Promise<Looked> {
  if (folder === undefined)
    return {
      command,
      reasons: ['It is not known in which folder it would run.'],
      runs: true,
      cwd: undefined,
      writesGuarded: false,
    };
  const cwd = await box.displayOf(folder);
  const script = command.script && (await boundScript(command.script, folder, box));
  const { reasons, runs } = await reasonsOf(command.finding, script, folder, box, variables, signal);
  const writes = await Promise.all(command.writes.map((target) => problemOfWrite(target, folder, box, signal)));
  return {
    ...{ command, cwd, script, runs },
    reasons: [...reasons, ...writes.map(({ reason }) => reason)],
    writesGuarded: writes.some(({ guarded }) => guarded),
  };
}

async function reasonsOf(
  finding: Finding,
  script: BoundScript | undefined,
  folder: string,
  box: PathBox,
  variables: Variables,
  signal: AbortSignal,
): Promise<{ readonly reasons: readonly string[]; readonly runs: boolean }> {
  if (!finding.harmless) {
    const said = script === undefined ? '' : ` That is: ${shortened(script.text)}`;
    return { reasons: [`${finding.reason}${said}`], runs: finding.runs };
  }
  for (const check of finding.checks) {
    const problem = await problemOfCheck(check, folder, box, variables, signal);
    if (problem !== undefined) return { reasons: [problem], runs: check.kind === 'git' };
  }
  return { reasons: [], runs: false };
}

const shortened = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/**
 * What has to be allowed, exactly. Commands that only compute with their words need nothing. Whatever else is harmless is so by
 * the way in which harmless lines are run, and needs its own rule in a line that is not. Nothing where a remembered answer would
 * be folly: programs that run what came from elsewhere, writing to protected files, scripts that are not found.
 */
function rulesFor(looked: readonly Looked[], whole: RuleSubject): readonly RuleSubject[] {
  const counted = looked.filter(({ command, reasons }) => reasons.length > 0 || !isPure(command));
  const unfit = counted.some(
    ({ command, script, writesGuarded, cwd }) =>
      command.unforeseeable || writesGuarded || cwd === undefined || (command.script && !script),
  );
  if (unfit) return [];
  if (counted.some(({ command }) => command.dependent || command.writes.length > 0)) {
    const bounds = looked.flatMap(({ script }) => script ?? []);
    return [
      bounds.length === 0
        ? whole
        : {
            ...whole,
            bound: bounds.map(({ bound }) => bound).join('.'),
            boundTo: [...new Set(bounds.map(({ boundTo }) => boundTo))].join(', '),
          },
    ];
  }
  return counted
    .filter(({ command }) => command.words[0] !== 'cd')
    .map(({ command, script, cwd }) => ({
      kind: 'command',
      text: quoteWords(command.words),
      cwd: cwd ?? '',
      ...(script && { bound: script.bound, boundTo: script.boundTo }),
    }));
}

const isPure = ({ finding, words }: JudgedCommand): boolean =>
  finding.harmless && finding.checks.length === 0 && words[0] !== 'cd';
