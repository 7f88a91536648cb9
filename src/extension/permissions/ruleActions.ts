import type { RuleBook } from '../../core/permission/rules';
import type { HostMessage } from '../../core/protocol/ops';
import type { RuleView } from '../../core/protocol/toolCalls';

export interface RuleActionsPorts {
  readonly workspace: RuleBook;
  /** The rules that hold in the shown session, those of the workspace among them; undefined: no agent works in it. */
  readonly session: () =>
    { readonly rules: readonly RuleView[]; readonly removeRule: (id: string) => boolean } | undefined;
  readonly post: (message: Extract<HostMessage, { readonly type: 'rules' | 'showRules' }>) => void;
  readonly openChat: () => Promise<void>;
}

/** The list of what runs unasked: shown, and taken back. */
export class RuleActions {
  readonly #ports: RuleActionsPorts;
  #open = false;

  constructor(ports: RuleActionsPorts) {
    this.#ports = ports;
  }

  async showRules(): Promise<void> {
    await this.#ports.openChat();
    this.#ports.post({ type: 'showRules' });
  }

  async openRules(): Promise<void> {
    this.#open = true;
    this.changed();
  }

  async closeRules(): Promise<void> {
    this.#open = false;
  }

  async removeRule(id: string): Promise<void> {
    const session = this.#ports.session();
    if (session) session.removeRule(id);
    else this.#ports.workspace.remove(id);
    this.changed();
  }

  /** A rule came or went, or another session is shown. */
  changed(): void {
    if (!this.#open) return;
    this.#ports.post({ type: 'rules', rules: this.#ports.session()?.rules ?? this.#ports.workspace.list() });
  }
}
