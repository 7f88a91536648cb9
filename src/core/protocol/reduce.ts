import { assertNever } from '../util/assertNever';
import type { AgentEvent, Envelope, EventOf } from './events';
import { textOf } from './messages';
import { reduceRestore } from './reduceRestore';
import { reduceCompression, reduceSpending } from './reduceSpending';
import { append, closeOpenItems, updateLast, updateTool, withoutRetry } from './transcript';
import { noUsage } from './usage';
import type { SessionView } from './view';

const liveOutputCharacters = 16_000;
const titleCharacters = 60;

/** The next view. Pure; an event that the view already contains changes nothing. */
export function reduce(view: SessionView, envelope: Envelope): SessionView {
  const { seq } = envelope.bookmark;
  if (seq <= view.seq) return view;
  return { ...reduceEvent(view, envelope.event, seq), seq };
}

/** What a person watching the session is not shown. */
const unshown = [
  'breakpoint_changed',
  'step_complete',
  'scheduler_triggered',
  'reminder_sent',
  'todo_reminder',
  'file_changed_outside',
  'file_changed',
  'tool_custom_event',
  'skills_metadata_updated',
  'tool_executed',
  'seq_advanced',
  'storage_failure',
  'forked',
] as const satisfies readonly AgentEvent['type'][];

const unshownTypes: ReadonlySet<string> = new Set(unshown);

function isUnshown(event: AgentEvent): event is EventOf<(typeof unshown)[number]> {
  return unshownTypes.has(event.type);
}

function reduceEvent(view: SessionView, event: AgentEvent, seq: number): SessionView {
  if (isUnshown(event)) return view;
  switch (event.type) {
    case 'user_message':
    case 'message_queued':
    case 'message_dropped':
      return reduceMessage(view, event);
    case 'checkpoint':
    case 'restore':
    case 'rewound':
    case 'rewind_undone':
      return reduceRestore(view, event);
    case 'agent_resumed':
    case 'done':
      return event.type === 'done' ? turnEnded(view, event, seq) : resumed(view, event, seq);
    case 'think_chunk_start':
    case 'text_chunk_start':
    case 'think_chunk':
    case 'text_chunk':
    case 'think_chunk_end':
    case 'text_chunk_end':
      return reduceText(view, event, seq);
    case 'tool:start':
    case 'tool:update':
    case 'tool:progress':
    case 'tool:end':
    case 'tool:error':
    case 'permission_required':
    case 'permission_decided':
      return reduceTool(view, event);
    case 'state_changed':
      // Whoever rests does nothing any more, whatever became of the last word about it.
      return { ...(event.state === 'READY' ? closeOpenItems(withoutRetry(view)) : view), state: event.state };
    case 'todo_changed':
      return { ...view, todos: event.current };
    case 'token_usage':
    case 'context_usage':
    case 'budget_warning':
      return reduceSpending(view, event);
    case 'context_compression':
      return reduceCompression(view, event, seq);
    case 'model_changed':
    case 'permission_changed':
      return event.type === 'model_changed' ? modelChanged(view, event, seq) : modeChanged(view, event, seq);
    case 'model_retry':
      return { ...view, retry: { attempt: event.attempt, delayMs: event.delayMs, error: event.error } };
    case 'error':
      return noticed(view, event, seq);
    default:
      return assertNever(event);
  }
}

function noticed(view: SessionView, { severity, message: text }: EventOf<'error'>, seq: number): SessionView {
  return append(view, { ...{ key: `notice-${seq}`, kind: 'notice' }, severity, text, advice: '' });
}

type TextEvent = EventOf<`${'think' | 'text'}_chunk${'_start' | '' | '_end'}`>;

function reduceText(view: SessionView, event: TextEvent, seq: number): SessionView {
  switch (event.type) {
    case 'think_chunk_start':
      return append(withoutRetry(view), { key: `think-${seq}`, kind: 'thinking', text: '', open: true });
    case 'text_chunk_start':
      return append(withoutRetry(view), { key: `text-${seq}`, kind: 'answer', text: '', open: true });
    case 'think_chunk':
      return updateLast(view, 'thinking', (item) => ({ ...item, text: item.text + event.delta }));
    case 'text_chunk':
      return updateLast(view, 'answer', (item) => ({ ...item, text: item.text + event.delta }));
    case 'think_chunk_end':
      return updateLast(view, 'thinking', (item) => ({ ...item, open: false }));
    case 'text_chunk_end':
      return updateLast(view, 'answer', (item) => ({ ...item, text: event.text, open: false }));
    default:
      return assertNever(event);
  }
}

/** Says it in the transcript. Before the first message there is nothing that another model has answered. */
function modelChanged(
  view: SessionView,
  { vendor, model, effort }: EventOf<'model_changed'>,
  seq: number,
): SessionView {
  if (view.items.length === 0) return view;
  return append(view, {
    key: `model-${seq}`,
    kind: 'modelChange',
    model: { vendor, model, ...(effort && { effort }) },
  });
}

/** Says it in the transcript, as `modelChanged` does. */
function modeChanged(view: SessionView, { mode }: EventOf<'permission_changed'>, seq: number): SessionView {
  const switched = { ...view, mode };
  return view.items.length === 0 ? switched : append(switched, { key: `mode-${seq}`, kind: 'modeChange', mode });
}

type ToolEvent = EventOf<
  | 'tool:start'
  | 'tool:update'
  | 'tool:progress'
  | 'tool:end'
  | 'tool:error'
  | 'permission_required'
  | 'permission_decided'
>;

function reduceTool(view: SessionView, event: ToolEvent): SessionView {
  switch (event.type) {
    case 'tool:start':
      return append(withoutRetry(view), {
        key: `tool-${event.call.id}`,
        kind: 'tool',
        callId: event.call.id,
        call: event.call,
        output: '',
      });
    case 'tool:progress':
      return updateTool(view, event.callId, (item) => ({
        ...item,
        output: (item.output + event.text).slice(-liveOutputCharacters),
      }));
    case 'tool:update':
    case 'tool:end':
      return updateTool(view, event.call.id, (item) => ({ ...item, call: event.call }));
    case 'tool:error':
      return updateTool(view, event.call.id, (item) => ({ ...item, call: event.call, error: event.error }));
    case 'permission_required':
      return updateTool(view, event.call.id, (item) => ({
        ...item,
        call: event.call,
        approval: { permissionId: event.permissionId, subject: event.subject },
      }));
    case 'permission_decided':
      return updateTool(view, event.callId, (item) => {
        if (!item.approval) return item;
        const { decision, decidedBy, note } = event;
        return { ...item, approval: { ...item.approval, decision, decidedBy, ...(note !== undefined && { note }) } };
      });
    default:
      return assertNever(event);
  }
}

function reduceMessage(
  view: SessionView,
  event: EventOf<'user_message' | 'message_queued' | 'message_dropped'>,
): SessionView {
  switch (event.type) {
    case 'user_message':
      return withUserMessage(view, event);
    case 'message_queued':
      return { ...view, queued: [...view.queued, { messageId: event.message.id, text: textOf(event.message) }] };
    case 'message_dropped':
      return { ...view, queued: view.queued.filter((waiting) => waiting.messageId !== event.messageId) };
    default:
      return assertNever(event);
  }
}

/** A turn that a restart cut off was said so by `agent_resumed` already. */
function turnEnded(view: SessionView, { reason, error }: EventOf<'done'>, seq: number): SessionView {
  const closed = closeOpenItems(withoutRetry(view));
  if (error?.code === 'cut_off') return closed;
  return append(closed, { key: `end-${seq}`, kind: 'turnEnd', reason, ...(error && { error }) });
}

/** Says in the transcript that a turn was cut off. A session that was at rest, or that only waits for an answer, comes back without a word. */
function resumed(view: SessionView, { cutOff, sealed }: EventOf<'agent_resumed'>, seq: number): SessionView {
  const isAsking = view.items.some((item) => item.kind === 'tool' && item.approval && !item.approval.decision);
  if (!cutOff || isAsking) return isAsking ? view : closeOpenItems(withoutRetry(view));
  const calls = sealed.length === 1 ? 'One tool call was' : `${sealed.length} tool calls were`;
  return append(closeOpenItems(withoutRetry(view)), {
    key: `resumed-${seq}`,
    kind: 'notice',
    severity: 'warn',
    text: `Countersign ended in the middle of this turn.${sealed.length === 0 ? '' : ` ${calls} cut off.`}`,
    advice: 'Nothing is repeated by itself. Say what to do next, for example "go on".',
  });
}

function withUserMessage(view: SessionView, event: EventOf<'user_message'>): SessionView {
  const { message } = event;
  const text = textOf(message);
  const images = message.content.filter((block) => block.type === 'image').length;
  const titled = view.items.some((item) => item.kind === 'user') ? view : { ...view, title: titleOf(text) };
  const queued = titled.queued.filter((waiting) => waiting.messageId !== message.id);
  const { budgetWarning: _lastTurn, setAside: _gone, ...rest } = titled;
  return append(
    { ...rest, queued, turnUsage: noUsage },
    { key: message.id, kind: 'user', messageId: message.id, text, images },
  );
}

/** The first line of the first message, shortened at a word. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ') ?? '';
  if (line.length === 0) return 'New session';
  if (line.length <= titleCharacters) return line;
  const cut = line.slice(0, titleCharacters);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), titleCharacters / 2))}…`;
}
