import type { ApprovalSubject } from '../protocol/toolCalls';

/**
 * What the user allowed for the rest of a session: exact commands in their folders, nothing wider. Kept in memory, apart
 * from allowTools: a remembered answer never becomes policy.
 */
export class SessionRules {
  readonly #allowed = new Set<string>();

  /** Only commands can be remembered: an edit is always about its own bytes. */
  canRemember(subject: ApprovalSubject): boolean {
    return subject.kind === 'command' && !subject.background;
  }

  remember(subject: ApprovalSubject): void {
    if (this.canRemember(subject)) this.#allowed.add(keyOf(subject));
  }

  allows(subject: ApprovalSubject): boolean {
    return this.canRemember(subject) && this.#allowed.has(keyOf(subject));
  }
}

function keyOf(subject: ApprovalSubject): string {
  return subject.kind === 'command' ? JSON.stringify([subject.cwd, subject.command]) : '';
}
