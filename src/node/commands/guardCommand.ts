import { createHash } from 'node:crypto';
import * as path from 'node:path';
import type { RuleSubject } from '../../core/protocol/toolCalls';
import type { CommandJudgment } from '../../core/sandbox/sandbox';
import { judgeLine, type JudgedCommand } from '../../core/shell/judgeLine';
import { quoteWords } from '../../core/shell/quote';
import type { PathBox } from '../pathBox';
import { problemOfWrite } from './commandChecks';
import { LineChecks } from './lineChecks';
import { boundScript, type BoundScript } from './packageScript';

type Variables = Readonly<Record<string, string | undefined>>;

/** One command with what the disk says to it. */
interface Looked {
  readonly command: JudgedCommand;
  readonly reasons: readonly string[];
  /** Those of the reasons that the disk gave: with other files there would be others. */
  readonly found: readonly string[];
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
  const checks = new LineChecks(box, variables, signal);
  const looked: Looked[] = [];
  let folder: string | undefined = cwd;
  for (const one of line.commands) {
    const found = await look(one, folder, checks, box, signal);
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
  checks: LineChecks,
  box: PathBox,
  signal: AbortSignal,
): Promise<Looked> {
  if (folder === undefined)
    return {
      command,
      reasons: ['It is not known in which folder it would run.'],
      found: [],
      runs: true,
      cwd: undefined,
      writesGuarded: false,
    };
  const cwd = await box.displayOf(folder);
  const script = command.script && (await boundScript(command.script, folder, box));
  const said = script === undefined ? '' : ` That is: ${shortened(script.text)}`;
  const { finding, inputs } = command;
  const known = finding.harmless ? [] : [`${finding.reason}${said}`];
  const looks = await checks.problemsOf([...inputs, ...(finding.harmless ? finding.checks : [])], folder);
  const writes = await Promise.all(command.writes.map((target) => problemOfWrite(target, folder, box, signal)));
  const found = [...looks.map(({ problem }) => problem), ...writes.map(({ reason }) => reason)];
  return {
    ...{ command, cwd, script, found },
    reasons: [...known, ...found],
    runs: finding.harmless ? looks.some(({ check }) => check.kind === 'git') : finding.runs,
    writesGuarded: writes.some(({ guarded }) => guarded),
  };
}

const shortened = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/**
 * What has to be allowed, exactly. Commands that only compute with their words need nothing. Whatever else is harmless is so by
 * the way in which harmless lines are run, and needs its own rule in a line that is not. Each rule holds for what speaks against
 * its command now: what is harmless today needs another one on the day when it is not. Nothing where a remembered answer would
 * be folly: programs that run what came from elsewhere, writing to protected files, scripts that are not found.
 */
function rulesFor(looked: readonly Looked[], whole: RuleSubject): readonly RuleSubject[] {
  const counted = looked.filter(({ command, reasons }) => reasons.length > 0 || !isPure(command));
  const unfit = counted.some(
    ({ command, script, writesGuarded, cwd }) =>
      command.unforeseeable || writesGuarded || cwd === undefined || (command.script && !script),
  );
  if (unfit) return [];
  if (counted.some(({ command }) => command.dependent || command.writes.length > 0))
    return [{ ...whole, ...boundBy(looked) }];
  return counted
    .filter(({ command, reasons }) => command.words[0] !== 'cd' || reasons.length > 0)
    .map((one) => ({
      kind: 'command',
      text: quoteWords(one.command.words),
      cwd: one.cwd ?? '',
      ...boundBy([one]),
    }));
}

/** What a rule for these holds for: the scripts that they run, and what the disk says against each of them. */
function boundBy(looked: readonly Looked[]): Pick<RuleSubject, 'bound' | 'boundTo'> {
  const scripts = looked.flatMap(({ script }) => script ?? []);
  const against = looked.some(({ found }) => found.length > 0) ? [looked.map(({ found }) => found)] : [];
  const bounds = [...scripts.map(({ bound }) => bound), ...against.map(hashOf)];
  if (bounds.length === 0) return {};
  const boundTo = [...scripts.map((script) => script.boundTo), ...against.map(() => 'what speaks against it')];
  return { bound: bounds.join('.'), boundTo: [...new Set(boundTo)].join(', ') };
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

const isPure = ({ finding, inputs, words }: JudgedCommand): boolean =>
  finding.harmless && finding.checks.length === 0 && inputs.length === 0 && words[0] !== 'cd';
