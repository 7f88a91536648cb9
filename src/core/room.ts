import type { AgentPool } from './agent/agentPool';
import { infoOf } from './agent/failureInfo';
import { withoutFrames } from './agent/frames';
import type { CompleteResult } from './agent/turnQueue';
import { ConfigError } from './errors';
import type { AgentId } from './protocol/ids';

/** An agent of the pool, by the name that it is called in the room. */
export interface RoomMember {
  readonly name: string;
  readonly agentId: AgentId;
}

/** What a member made of a message: `failed` too where it could not be given to it. */
export interface RoomAnswer extends RoomMember {
  readonly result: CompleteResult;
}

/** Names that `@name` can mention. */
const namePattern = /^\w+$/;
/** Whoever sends stands between brackets. */
const senderPattern = /^[^[\]<>\p{Cc}\p{Zl}\p{Zp}]+$/u;
/** An answer of one agent goes to another as it is: it must not hold words that seem to come from a third. */
const otherSender = /\[(?=\s*from\s*:)/gi;

/**
 * Agents of a pool that talk with each other by name. A message goes to those it mentions as `@name`, else to all but its
 * sender, one after the other.
 */
export class Room {
  readonly #pool: Pick<AgentPool, 'get'>;
  readonly #members = new Map<string, AgentId>();

  constructor(pool: Pick<AgentPool, 'get'>) {
    this.#pool = pool;
  }

  /** @throws ConfigError 'invalid_value' for a name that is taken or that nobody could mention, or an agent that is not in the pool. */
  join(name: string, agentId: string): void {
    const agent = this.#pool.get(agentId);
    if (!namePattern.test(name))
      throw invalid(`${JSON.stringify(name)} cannot be mentioned.`, 'Use letters, digits and _ only.');
    if (this.#members.has(name))
      throw invalid(`There is a member named ${JSON.stringify(name)} already.`, 'Choose another name, or leave first.');
    if (!agent)
      throw invalid(`The pool has no agent ${JSON.stringify(agentId)}.`, 'Create or resume it in the pool first.');
    this.#members.set(name, agent.agentId);
  }

  /** Nothing happens where nobody has this name. */
  leave(name: string): void {
    this.#members.delete(name);
  }

  getMembers(): readonly RoomMember[] {
    return [...this.#members].map(([name, agentId]) => ({ name, agentId }));
  }

  /**
   * Gives `[from:X] text` to each addressee and waits for its answer before the next one hears it. What in the text would pass for
   * another sender or for a word of the program is told with its first sign as `&#91;` or `&lt;`. One that fails or waits for a
   * decision does not keep it from the others: its result says so. @param from a member, or anybody outside
   * @returns the answers in the order in which they were asked
   * @throws ConfigError 'unknown_member' for a mention of nobody, 'invalid_value' for a sender with brackets or line ends; then nobody hears anything.
   */
  async say(from: string, text: string): Promise<readonly RoomAnswer[]> {
    if (!senderPattern.test(from))
      throw invalid(`${JSON.stringify(from)} cannot send.`, 'Give a name without brackets and line ends.');
    const told = `[from:${from}] ${withoutFrames(text).replace(otherSender, '&#91;')}`;
    const answers: RoomAnswer[] = [];
    for (const member of this.#addressees(from, text))
      answers.push({ ...member, result: await this.#ask(member, told) });
    return answers;
  }

  #addressees(from: string, text: string): readonly RoomMember[] {
    // What follows a letter or a digit is no mention but part of an address.
    const mentioned = new Set([...text.matchAll(/(?<!\w)@(\w+)/g)].map(([, name = '']) => name));
    const unknown = [...mentioned].find((name) => !this.#members.has(name));
    if (unknown !== undefined) {
      const known = [...this.#members.keys()].join(', ') || 'none';
      throw new ConfigError('unknown_member', `The room has no member ${JSON.stringify(unknown)}.`, {
        advice: `Mention one of its members: ${known}.`,
      });
    }
    const others = this.getMembers().filter(({ name }) => name !== from);
    return mentioned.size === 0 ? others : others.filter(({ name }) => mentioned.has(name));
  }

  async #ask({ agentId }: RoomMember, text: string): Promise<CompleteResult> {
    try {
      const agent = this.#pool.get(agentId);
      if (!agent) throw invalid(`The agent ${agentId} is no longer in the pool.`, 'Resume it in the pool.');
      return await agent.complete(text);
    } catch (error) {
      return { status: 'failed', error: infoOf(error) };
    }
  }
}

function invalid(message: string, advice: string): ConfigError {
  return new ConfigError('invalid_value', message, { advice });
}
