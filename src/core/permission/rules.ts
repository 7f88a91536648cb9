import type { RuleScope, RuleSubject, RuleView } from '../protocol/toolCalls';
import { newRuleId } from '../protocol/ids';

/** What was remembered in one scope. */
export interface RuleBook {
  /** In the order in which they came. */
  list(): readonly RuleView[];
  /** Those that are there already stay as they are. */
  add(subjects: readonly RuleSubject[]): void;
  /** Whether there was such a rule. */
  remove(id: string): boolean;
}

/** Rules in memory. A remembered answer allows exactly its subject: never a prefix, never other content. */
export class MemoryRules implements RuleBook {
  readonly #scope: RuleScope;
  readonly #now: () => number;
  readonly #onChange: (rules: readonly RuleView[]) => void;
  #rules: readonly RuleView[];

  constructor(
    scope: RuleScope,
    now: () => number = Date.now,
    known: readonly RuleView[] = [],
    onChange?: (rules: readonly RuleView[]) => void,
  ) {
    this.#scope = scope;
    this.#now = now;
    this.#rules = known;
    this.#onChange = onChange ?? (() => undefined);
  }

  list(): readonly RuleView[] {
    return this.#rules;
  }

  add(subjects: readonly RuleSubject[]): void {
    const known = new Set(this.#rules.map(({ subject }) => ruleKey(subject)));
    const added = subjects.filter((subject) => !known.has(ruleKey(subject)));
    if (added.length === 0) return;
    const createdAt = this.#now();
    this.#set([
      ...this.#rules,
      ...added.map((subject) => ({ id: newRuleId(), scope: this.#scope, subject, createdAt })),
    ]);
  }

  remove(id: string): boolean {
    const rest = this.#rules.filter((rule) => rule.id !== id);
    if (rest.length === this.#rules.length) return false;
    this.#set(rest);
    return true;
  }

  #set(rules: readonly RuleView[]): void {
    this.#rules = rules;
    this.#onChange(rules);
  }
}

/** The rules that hold for one agent: those of its session and those of its workspace. */
export class AgentRules {
  readonly #books: Readonly<Record<RuleScope, RuleBook>>;

  constructor(session: RuleBook, workspace: RuleBook) {
    this.#books = { session, workspace };
  }

  list(): readonly RuleView[] {
    return [...this.#books.workspace.list(), ...this.#books.session.list()];
  }

  /** Whether every one of them was allowed; false for none at all. */
  allow(subjects: readonly RuleSubject[]): boolean {
    if (subjects.length === 0) return false;
    const allowed = new Set(this.list().map(({ subject }) => ruleKey(subject)));
    return subjects.every((subject) => allowed.has(ruleKey(subject)));
  }

  remember(subjects: readonly RuleSubject[], scope: RuleScope): void {
    this.#books[scope].add(subjects);
  }

  remove(id: string): boolean {
    return this.#books.session.remove(id) || this.#books.workspace.remove(id);
  }
}

/** `boundTo` is said for people and follows from the rest. */
function ruleKey({ kind, text, cwd, bound }: RuleSubject): string {
  return JSON.stringify([kind, text, cwd, bound ?? '']);
}
