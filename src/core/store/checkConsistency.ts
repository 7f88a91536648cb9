import { isAgentError, StoreError } from '../errors';
import type { AgentId, CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import { callsIn } from './copySession';
import type { ConsistencyReport } from './reports';
import { recordKinds, type SessionReader, type SessionStore, type StoredState } from './store';

const sliceLength = 500;
const mostIssues = 100;
/** How often it is tried to read a session that somebody is writing. */
const tries = 3;

/** Reads a whole session and says what does not fit together. @throws StoreError 'not_found', 'conflict' when it never held still. */
export async function checkConsistency(sessions: SessionStore, agentId: AgentId): Promise<ConsistencyReport> {
  for (let left = tries; left > 0; left--) {
    const reader = await openedOrIssue(sessions, agentId);
    if (typeof reader === 'string') return reportOf([reader]);
    try {
      const before = await reader.version();
      const issues = [...(await issuesOf(sessions, agentId, reader))];
      if ((await reader.version()) === before) return reportOf(issues);
    } finally {
      await reader.close();
    }
  }
  throw new StoreError('conflict', `The session ${agentId} is being written all the time.`, {
    advice: 'Check it when its agent rests.',
    retryable: true,
  });
}

async function issuesOf(sessions: SessionStore, agentId: AgentId, reader: SessionReader): Promise<readonly string[]> {
  const issues: string[] = [];
  const state = await part(issues, 'The state', () => reader.load());
  const holder = await sessions.holder(agentId);
  const isRunning = holder !== undefined && state?.turn !== undefined;
  await part(issues, 'The messages', () => checkMessages(issues, reader, isRunning));
  await part(issues, 'The tool calls', () => reader.readToolCalls());
  const lastSeq = await part(issues, 'The events', () => checkEvents(issues, reader));
  await part(issues, 'The snapshots', () => checkSnapshots(issues, reader, lastSeq));
  await part(issues, 'The records', async () => {
    for (const kind of recordKinds) await reader.readRecords(kind);
  });
  if (!state) return issues;
  if (!isRunning)
    for (const { id, name, state: callState } of state.openToolCalls)
      issues.push(`The call ${id} of ${name} is ${callState}, but no turn runs.`);
  checkTodos(issues, state.todos);
  await checkSummary(issues, sessions, agentId, state, holder !== undefined);
  return issues;
}

/** Damage in one part must not hide what is wrong with the others. */
async function part<T>(issues: string[], what: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    issues.push(`${what} cannot be read: ${asIssue(error)}`);
    return undefined;
  }
}

async function openedOrIssue(sessions: SessionStore, agentId: AgentId): Promise<SessionReader | string> {
  try {
    return await sessions.read(agentId);
  } catch (error) {
    return `The session cannot be opened: ${asIssue(error)}`;
  }
}

/** Damage is what is looked for; anything else is a failure of the check. */
function asIssue(error: unknown): string {
  if (!isAgentError(error) || (error.code !== 'damaged' && error.code !== 'newer_version')) throw error;
  return `${error.message} ${error.advice}`.trim();
}

async function checkMessages(issues: string[], reader: SessionReader, isRunning: boolean): Promise<void> {
  const seen = new Set<string>();
  let asked: readonly CallId[] = [];
  let place = 0;
  for (let from = 0; ; from += sliceLength) {
    const slice = await reader.readMessages({ from, to: from + sliceLength });
    for (const message of slice) {
      checkAnswers(issues, place, asked, message);
      if (seen.has(message.id)) issues.push(`Message ${place} has the id ${message.id} of an earlier one.`);
      seen.add(message.id);
      asked = callsIn([message]);
      place++;
    }
    if (slice.length < sliceLength) break;
  }
  if (!isRunning)
    for (const id of asked) issues.push(`The call ${id} in message ${place - 1}, the last one, has no result.`);
}

function checkAnswers(issues: string[], place: number, asked: readonly CallId[], { content }: Message): void {
  const answered = new Set<CallId>(
    content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : [])),
  );
  for (const id of asked)
    if (!answered.delete(id)) issues.push(`The call ${id} in message ${place - 1} has no result in the next one.`);
  for (const id of answered)
    issues.push(`Message ${place} has a result of ${id}, which the message before did not ask for.`);
}

/** Gives the last seq. */
async function checkEvents(issues: string[], reader: SessionReader): Promise<number> {
  let last = 0;
  for await (const { bookmark, cursor, event } of reader.readEvents()) {
    const { seq } = bookmark;
    if (cursor !== seq) issues.push(`The event ${seq} has the cursor ${cursor}.`);
    if (seq <= last) issues.push(`The event ${seq} comes after event ${last}.`);
    const isExplained = event.type === 'seq_advanced' && event.from === last && event.to >= seq - 1 && event.to <= seq;
    if (seq > last + 1 && !isExplained) issues.push(`The events ${last + 1} to ${seq - 1} are missing.`);
    last = Math.max(last, seq);
  }
  return last;
}

async function checkSnapshots(issues: string[], reader: SessionReader, lastSeq = Infinity): Promise<void> {
  for (const { id, seq } of await reader.readSnapshots())
    if (seq > lastSeq) issues.push(`The snapshot ${id} is of event ${seq}, but the last event is ${lastSeq}.`);
}

function checkTodos(issues: string[], todos: readonly TodoItem[]): void {
  const working = todos.filter(({ status }) => status === 'in_progress').length;
  if (working > 1) issues.push(`${working} todos are in progress; at most one can be.`);
  const ids = new Set(todos.map(({ id }) => id));
  if (ids.size < todos.length) issues.push(`${todos.length} todos have only ${ids.size} ids.`);
}

async function checkSummary(
  issues: string[],
  sessions: SessionStore,
  agentId: AgentId,
  { info, messageCount }: StoredState,
  isHeld: boolean,
): Promise<void> {
  if (info && info.agentId !== agentId) issues.push(`Its info is that of ${info.agentId}.`);
  const summary = (await sessions.summaries()).find((meta) => meta.agentId === agentId);
  if (!summary) issues.push('The list of sessions does not have it.');
  // A writer may be behind with the list's entry.
  else if (!isHeld && summary.messageCount !== messageCount)
    issues.push(`The list of sessions says ${summary.messageCount} messages, but there are ${messageCount}.`);
}

function reportOf(issues: readonly string[]): ConsistencyReport {
  const shown =
    issues.length <= mostIssues
      ? issues
      : [...issues.slice(0, mostIssues - 1), `There are ${issues.length} issues; these are the first.`];
  return { consistent: issues.length === 0, issues: shown, checkedAt: Date.now() };
}
