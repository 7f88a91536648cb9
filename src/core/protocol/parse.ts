import * as z from 'zod/mini';
import { isAgentId, type AgentId, type MessageId, type PermissionId } from './ids';
import { reviewModes } from './modes';
import { reasoningEfforts } from './models';
import { panelCommands, type HostMessage, type Op } from './ops';

/** The result of looking at something from the other side of a wire. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const maxTextCharacters = 1_000_000;

const agentId = z.pipe(
  z.string().check(z.refine(isAgentId, 'not a session id')),
  z.transform((text) => text as AgentId),
);
const permissionId = z.pipe(
  z.string().check(z.regex(/^prm-[0-9a-f-]{36}$/)),
  z.transform((text) => text as PermissionId),
);
const messageId = z.pipe(
  z.string().check(z.minLength(1), z.maxLength(200)),
  z.transform((text) => text as MessageId),
);
const text = z.string().check(z.maxLength(maxTextCharacters));
const vendor = z.string().check(z.minLength(1), z.maxLength(100));
const keyName = z.string().check(z.minLength(1), z.maxLength(100));
const choice = z.strictObject({
  vendor,
  model: z.string().check(z.minLength(1), z.maxLength(300)),
  effort: z.exactOptional(z.enum(reasoningEfforts)),
  keyName: z.exactOptional(keyName),
});
const sendId = z.string().check(z.minLength(1), z.maxLength(100));

const path = z.string().check(z.minLength(1), z.maxLength(4096));
const planComments = z
  .array(
    z.strictObject({
      line: z.int().check(z.minimum(1)),
      quote: z.string().check(z.maxLength(300)),
      text: z.string().check(z.minLength(1), z.maxLength(10_000)),
    }),
  )
  .check(z.maxLength(100));
const question = { sessionId: agentId, permissionId };

const op = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('turn.start'),
    sessionId: agentId,
    text: text.check(z.minLength(1)),
    sendId: z.exactOptional(sendId),
  }),
  z.strictObject({ type: z.literal('turn.interrupt'), sessionId: agentId }),
  z.strictObject({
    type: z.literal('approval.decide'),
    sessionId: agentId,
    permissionId,
    decision: z.enum(['allow', 'deny']),
    note: z.exactOptional(z.string().check(z.maxLength(10_000))),
    remember: z.exactOptional(z.enum(['session', 'workspace'])),
  }),
  z.strictObject({ type: z.literal('approval.show'), sessionId: agentId, permissionId }),
  z.strictObject({
    type: z.literal('mode.set'),
    sessionId: agentId,
    mode: z.enum(reviewModes),
    confirmed: z.exactOptional(z.literal(true)),
  }),
  z.strictObject({ type: z.literal('plan.edit'), ...question }),
  z.strictObject({
    type: z.literal('plan.go'),
    ...question,
    mode: z.enum(['ask', 'review', 'auto']),
    comments: planComments,
  }),
  z.strictObject({
    type: z.literal('plan.keep'),
    ...question,
    reason: z.string().check(z.maxLength(10_000)),
    comments: planComments,
  }),
  z.strictObject({
    type: z.literal('review.decide'),
    decision: z.enum(['accept', 'reject']),
    path: z.exactOptional(path),
  }),
  z.strictObject({ type: z.literal('review.show'), path: z.exactOptional(path) }),
  z.strictObject({ type: z.literal('session.new') }),
  z.strictObject({ type: z.literal('session.select'), sessionId: agentId }),
  z.strictObject({ type: z.literal('session.delete'), sessionId: agentId }),
  z.strictObject({ type: z.literal('session.restore'), sessionId: agentId }),
  z.strictObject({
    type: z.literal('session.rename'),
    sessionId: agentId,
    title: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
  z.strictObject({ type: z.literal('session.pin'), sessionId: agentId, pinned: z.boolean() }),
  z.strictObject({
    type: z.literal('session.search'),
    query: z.string().check(z.maxLength(1000)),
    anyFolder: z.boolean(),
  }),
  z.strictObject({ type: z.literal('session.takeOver'), sessionId: agentId, how: z.enum(['ask', 'unjudged']) }),
  z.strictObject({ type: z.literal('session.adopt'), sessionId: agentId }),
  z.strictObject({ type: z.literal('session.fork'), sessionId: agentId, messageId }),
  z.strictObject({ type: z.literal('session.rewind'), sessionId: agentId, messageId }),
  z.strictObject({ type: z.literal('session.compact'), sessionId: agentId }),
  z.strictObject({ type: z.literal('checkpoint.preview'), sessionId: agentId, messageId }),
  z.strictObject({
    type: z.literal('checkpoint.restore'),
    ...{ sessionId: agentId, messageId, files: z.boolean(), conversation: z.boolean() },
    token: z.exactOptional(z.string().check(z.maxLength(200))),
  }),
  z.strictObject({ type: z.literal('checkpoint.undo'), sessionId: agentId }),
  z.strictObject({ type: z.literal('models.open') }),
  z.strictObject({ type: z.literal('models.close') }),
  z.strictObject({ type: z.literal('models.list'), vendor }),
  z.strictObject({
    type: z.literal('model.use'),
    sessionId: z.exactOptional(agentId),
    ...{ choice, standard: z.boolean() },
  }),
  z.strictObject({ type: z.literal('model.test'), testId: sendId, choice }),
  z.strictObject({ type: z.literal('model.favourite'), choice, on: z.boolean() }),
  z.strictObject({
    type: z.literal('key.set'),
    ...{ vendor, name: keyName },
    key: z.string().check(z.minLength(1), z.maxLength(10_000)),
  }),
  z.strictObject({ type: z.literal('key.use'), vendor, name: keyName }),
  z.strictObject({ type: z.literal('key.remove'), vendor, name: keyName }),
  z.strictObject({ type: z.literal('endpoint.set'), vendor, baseUrl: z.string().check(z.maxLength(2000)) }),
  z.strictObject({
    type: z.literal('file.open'),
    path,
    line: z.exactOptional(z.int().check(z.minimum(1))),
  }),
  z.strictObject({ type: z.literal('link.open'), url: z.string().check(z.regex(/^https?:\/\//i), z.maxLength(4096)) }),
  z.strictObject({ type: z.literal('rules.open') }),
  z.strictObject({ type: z.literal('rules.close') }),
  z.strictObject({ type: z.literal('rule.remove'), ruleId: z.string().check(z.maxLength(100)) }),
  z.strictObject({ type: z.literal('command.run'), command: z.enum(panelCommands) }),
  z.strictObject({ type: z.literal('ack'), batch: z.int().check(z.minimum(0)) }),
]);

/** The one validation of what the panel sends. Unknown types, extra fields and wrong shapes are problems, never guessed at. */
export function parseOp(raw: unknown): Parsed<Op> {
  return toParsed<Op>(op.safeParse(raw), raw);
}

const object = z.looseObject({});
const appView = z.looseObject({ sessions: z.array(object), workspace: object, instructions: z.array(z.string()) });
const sessionView = z.looseObject({
  sessionId: agentId,
  seq: z.number(),
  items: z.array(object),
  todos: z.array(object),
  usage: object,
});
const envelope = z.looseObject({
  bookmark: z.looseObject({ seq: z.number() }),
  event: z.looseObject({ channel: z.string(), type: z.string() }),
});

const hostMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('snapshot'), app: appView, session: z.exactOptional(sessionView) }),
  z.strictObject({ type: z.literal('app'), app: appView }),
  z.strictObject({ type: z.literal('events'), sessionId: agentId, batch: z.int(), envelopes: z.array(envelope) }),
  z.strictObject({
    type: z.literal('found'),
    query: z.string(),
    rows: z.array(object),
    total: z.number(),
    done: z.boolean(),
  }),
  z.strictObject({ type: z.literal('models'), models: z.looseObject({ vendors: z.array(object) }) }),
  z.strictObject({ type: z.literal('modelTested'), testId: sendId, result: z.looseObject({ ok: z.boolean() }) }),
  z.strictObject({ type: z.literal('showModels') }),
  z.strictObject({ type: z.literal('rules'), rules: z.array(object) }),
  z.strictObject({ type: z.literal('showRules') }),
  z.strictObject({
    type: z.literal('checkpointPreview'),
    ...{ sessionId: agentId, messageId },
    preview: z.exactOptional(z.looseObject({ files: z.array(object), token: z.string() })),
    problem: z.exactOptional(z.strictObject({ message: z.string(), advice: z.string() })),
  }),
  z.strictObject({ type: z.literal('compose'), text: z.string() }),
  z.strictObject({
    type: z.literal('problem'),
    message: z.string(),
    advice: z.string(),
    sendId: z.exactOptional(sendId),
  }),
]);

/**
 * Looks at the frame of what the host posts. The host is ours and typed, so the inner fields of views and events are
 * taken as they are; a message of another sender does not pass.
 */
export function parseHostMessage(raw: unknown): Parsed<HostMessage> {
  const parsed = hostMessage.safeParse(raw);
  return parsed.success ? { ok: true, value: raw as HostMessage } : toParsed<HostMessage>(parsed, raw);
}

function toParsed<T>(
  result: { success: true; data: T } | { success: false; error: z.core.$ZodError },
  raw: unknown,
): Parsed<T> {
  if (result.success) return { ok: true, value: result.data };
  const where = result.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`).join('; ');
  return { ok: false, problem: `${where} in ${preview(raw)}` };
}

function preview(raw: unknown): string {
  let json: unknown;
  try {
    json = JSON.stringify(raw, (name, value: unknown) => (name === 'key' ? '[key]' : value));
  } catch (error) {
    return `a value that is not JSON (${String(error)})`;
  }
  if (typeof json !== 'string') return `a value that is not JSON (${typeof raw})`;
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}
