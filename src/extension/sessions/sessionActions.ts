import * as vscode from 'vscode';
import { StoreError } from '../../core/errors';
import type { AgentId, MessageId } from '../../core/protocol/ids';
import type { SessionStore } from '../../core/store/store';
import type { SessionCommandHandlers } from '../commands';
import type { SessionOpHandlers } from '../opRouter';
import type { DeletedSession } from './deletedSession';
import { salvageShown } from './salvageShown';
import type { SessionFiles } from './sessionFiles';
import type { SessionSearch } from './sessionSearch';
import type { ModeMemory } from '../modes/modeMemory';
import type { Sessions } from './sessions';

export interface SessionActionsPorts {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly search: SessionSearch;
  readonly deleted: DeletedSession;
  readonly files: SessionFiles;
  /** Makes a new session of what can still be read of a damaged one. */
  readonly salvage: (sessionId: AgentId) => Promise<AgentId>;
  /** The list is looked at: what belongs to it is measured. */
  readonly onListShown: () => void;
  /** What of a session is remembered here and not with it. */
  readonly modes: Pick<ModeMemory, 'copy' | 'forget'>;
  readonly compose: (text: string) => void;
  readonly openChat: () => Promise<void>;
}

/** What the user can do with whole sessions, from the panel or from the palette. */
export class SessionActions implements SessionOpHandlers, SessionCommandHandlers {
  readonly #ports: SessionActionsPorts;

  constructor(ports: SessionActionsPorts) {
    this.#ports = ports;
  }

  async newSession(): Promise<void> {
    this.#ports.sessions.create();
    await this.#ports.openChat();
  }

  async select(sessionId: AgentId): Promise<void> {
    await this.#ports.sessions.select(sessionId);
  }

  async delete(sessionId: AgentId): Promise<void> {
    const { sessions, deleted, store, modes } = this.#ports;
    const title = await this.#titleOf(sessionId);
    await sessions.discard(sessionId);
    modes.forget(sessionId);
    // What had not begun is not in the trash.
    if (title !== undefined && !(await store.exists(sessionId))) deleted.note({ sessionId, title });
  }

  async restore(sessionId: AgentId): Promise<void> {
    const { sessions, deleted, store } = this.#ports;
    await store.restore(sessionId);
    deleted.restored(sessionId);
    await sessions.select(sessionId);
  }

  async restoreSession(): Promise<void> {
    const { last } = this.#ports.deleted;
    if (last) await this.restore(last.sessionId);
    else void vscode.window.showInformationMessage('No session was deleted in this window since it was opened.');
  }

  async rename(sessionId: AgentId, title: string): Promise<void> {
    await this.#ports.sessions.rename(sessionId, title.trim());
  }

  async renameSession(): Promise<void> {
    const { activeId, active } = this.#ports.sessions;
    const title = await vscode.window.showInputBox({
      title: 'Rename the session',
      value: active.title,
      ignoreFocusOut: true,
      validateInput: (value) => (value.trim() === '' ? 'A session needs a name.' : undefined),
    });
    if (title !== undefined) await this.rename(activeId, title);
  }

  async pin(sessionId: AgentId, pinned: boolean): Promise<void> {
    await this.#ports.sessions.pin(sessionId, pinned);
  }

  async search(query: string, anyFolder: boolean): Promise<void> {
    if (query === '') this.#ports.onListShown();
    await this.#ports.search.search(query, anyFolder);
  }

  async takeOver(sessionId: AgentId, how: 'ask' | 'unjudged'): Promise<void> {
    await this.#ports.sessions.agentFor(sessionId, { takeOver: how, waitMs: 1_500 });
  }

  async adopt(sessionId: AgentId): Promise<void> {
    await this.#ports.sessions.adopt(sessionId);
  }

  async fork(sessionId: AgentId, messageId: MessageId): Promise<void> {
    const { sessions, compose, modes } = this.#ports;
    const text = this.#textOf(sessionId, messageId);
    const fork = await (await sessions.agentFor(sessionId)).fork(messageId);
    // It is shown from the store like any other; its agent comes back with its first message.
    await fork[Symbol.asyncDispose]();
    modes.copy(sessionId, fork.agentId);
    await sessions.select(fork.agentId);
    compose(text);
  }

  async rewind(sessionId: AgentId, messageId: MessageId): Promise<void> {
    const { sessions, compose } = this.#ports;
    const text = this.#textOf(sessionId, messageId);
    await (await sessions.agentFor(sessionId)).rewind(messageId);
    compose(text);
  }

  /** Sums up the older part of the conversation now. The card in the transcript says how it went. */
  async compact(sessionId: AgentId): Promise<void> {
    const { sessions } = this.#ports;
    const isBegun = sessionId !== sessions.activeId || sessions.isActiveStored;
    const outcome = isBegun ? await (await sessions.agentFor(sessionId)).compact() : { kind: 'nothing' };
    if (outcome.kind === 'nothing')
      void vscode.window.showInformationMessage('The conversation is too short to be compacted.');
  }

  async compactConversation(): Promise<void> {
    await this.compact(this.#ports.sessions.activeId);
  }

  async exportSession(): Promise<void> {
    const { sessions, files } = this.#ports;
    if (sessions.isActiveStored) await files.export(sessions.activeId, sessions.active.title);
    else void vscode.window.showInformationMessage('This session has no message yet: there is nothing to export.');
  }

  async importSession(): Promise<void> {
    const imported = await this.#ports.files.import();
    if (imported === undefined) return;
    // A session of this name may have been here before: what ran unasked in that one does not in this one.
    this.#ports.modes.forget(imported);
    // Wherever the file comes from, it goes on here.
    await this.#ports.sessions.bringHere(imported);
    await this.#ports.openChat();
  }

  async salvageSession(): Promise<void> {
    await salvageShown(this.#ports.sessions, this.#ports.salvage);
    await this.#ports.openChat();
  }

  async #titleOf(sessionId: AgentId): Promise<string | undefined> {
    const { sessions, store } = this.#ports;
    if (!(await store.exists(sessionId))) return undefined;
    return (
      sessions.view(sessionId)?.title ?? (await store.summaries()).find((meta) => meta.agentId === sessionId)?.title
    );
  }

  #textOf(sessionId: AgentId, messageId: MessageId): string {
    const items = this.#ports.sessions.view(sessionId)?.items ?? [];
    const item = items.find((one) => one.kind === 'user' && one.messageId === messageId);
    if (item?.kind === 'user') return item.text;
    throw new StoreError('not_found', `The message ${messageId} is not in this session.`, {
      advice: 'Choose one that is shown.',
    });
  }
}
