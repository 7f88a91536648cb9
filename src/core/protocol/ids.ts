/** Identifiers are branded strings: only the makers below produce them, so one kind cannot stand where another is meant. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One agent with its history; the UI and the storage call the same thing a session. */
export type AgentId = Branded<'AgentId'>;
/** Names one message. */
export type MessageId = Branded<'MessageId'>;
/** A tool call, unique within its agent. */
export type CallId = Branded<'CallId'>;
/** An open question to the user; random, so that it cannot be guessed. */
export type PermissionId = Branded<'PermissionId'>;

const idPattern = /^[^\p{Cc}\p{Zl}\p{Zp}/\\]{1,200}$/u;

/** Whether `text` may name an agent: 1 to 200 characters, no separators, no control characters, not `.` or with `..`. */
export function isAgentId(text: string): text is AgentId {
  return idPattern.test(text) && text !== '.' && !text.includes('..');
}

/** A new id: `agt-`, the time, and random characters, so that ids sort by age. */
export function newAgentId(): AgentId {
  return `agt-${sortableRandom()}` as AgentId;
}
export function newMessageId(): MessageId {
  return `msg-${sortableRandom()}` as MessageId;
}
export function newPermissionId(): PermissionId {
  return `prm-${crypto.randomUUID()}` as PermissionId;
}
export function newRuleId(): string {
  return `rule-${crypto.randomUUID()}`;
}
export function newCallId(): CallId {
  return `call_${crypto.randomUUID().replaceAll('-', '')}` as CallId;
}

/** Takes over an id that a model chose or a wire brought; the receiver looks it up, so nothing is assumed of it. */
export const asCallId = (text: string): CallId => text as CallId;
export const asMessageId = (text: string): MessageId => text as MessageId;
export const asPermissionId = (text: string): PermissionId => text as PermissionId;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32: no i, l, o, u

/** 10 characters of time, then 16 random ones: sorts by creation. */
function sortableRandom(): string {
  let time = Date.now();
  let head = '';
  for (let place = 0; place < 10; place++) {
    head = alphabet.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  const random = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => alphabet.charAt(byte % 32));
  return head + random.join('');
}
