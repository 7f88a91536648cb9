import * as vscode from 'vscode';
import { CheckpointError } from '../../core/checkpoints/checkpointError';
import { isAgentError, StoreError } from '../../core/errors';
import { commandsAreNotUndone, type RestorePreview, type RestoreWish } from '../../core/protocol/checkpoints';
import type { AgentId, MessageId } from '../../core/protocol/ids';
import type { HostMessage } from '../../core/protocol/ops';
import type { Sessions } from '../sessions/sessions';

export interface CheckpointActionsPorts {
  readonly sessions: Pick<Sessions, 'activeId' | 'active' | 'agentFor' | 'view'>;
  readonly panel: {
    answer(message: Extract<HostMessage, { readonly type: 'checkpointPreview' }>): void;
    /** The text of a message that left the conversation goes into the composer. */
    compose(text: string): void;
  };
}

/** Going back to before a message, from the panel or from the palette. */
export class CheckpointActions {
  readonly #ports: CheckpointActionsPorts;

  constructor(ports: CheckpointActionsPorts) {
    this.#ports = ports;
  }

  /** The panel gets the list, or hears why there is none. */
  async previewRestore(sessionId: AgentId, messageId: MessageId): Promise<void> {
    const { sessions, panel } = this.#ports;
    const about = { type: 'checkpointPreview', sessionId, messageId } as const;
    try {
      panel.answer({
        ...about,
        preview: await (await sessions.agentFor(sessionId)).checkpoints.previewRestore(messageId),
      });
    } catch (error) {
      if (!isAgentError(error)) throw error;
      panel.answer({ ...about, problem: { message: error.message, advice: error.advice } });
    }
  }

  async restore(
    sessionId: AgentId,
    messageId: MessageId,
    wish: RestoreWish & { readonly token?: string },
  ): Promise<void> {
    const { sessions, panel } = this.#ports;
    const text = wish.conversation ? this.#textOf(sessionId, messageId) : '';
    await (await sessions.agentFor(sessionId)).checkpoints.restore(messageId, wish);
    if (text !== '') panel.compose(text);
  }

  async undo(sessionId: AgentId): Promise<void> {
    const { checkpoints } = await this.#ports.sessions.agentFor(sessionId);
    try {
      await checkpoints.undoRestore();
    } catch (error) {
      if (!(error instanceof CheckpointError && error.code === 'changed')) throw error;
      const detail = 'Undoing the restore replaces what they hold now. That cannot be undone.';
      const overwrite = 'Overwrite';
      const message = error.message.replace('nothing was restored', 'nothing was undone');
      const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, overwrite);
      if (choice === overwrite) await checkpoints.undoRestore({ overwrite: true });
    }
  }

  async undoRestore(): Promise<void> {
    await this.undo(this.#ports.sessions.activeId);
  }

  /** By keyboard alone: the message, what goes back, and the list of what that means. */
  async restoreCheckpoint(): Promise<void> {
    const { activeId, active } = this.#ports.sessions;
    const said = active.items.flatMap((item) => (item.kind === 'user' ? [item] : []));
    if (said.length === 0) {
      void vscode.window.showInformationMessage('This session has no message to go back to.');
      return;
    }
    const message = await vscode.window.showQuickPick(
      said.toReversed().map(({ text, restorable, messageId }) => ({
        ...{ label: firstLine(text), messageId },
        description: restorable ? 'files changed since' : '',
      })),
      { title: 'Go back to before which message?', placeHolder: 'The newest one stands first' },
    );
    if (!message) return;
    const { checkpoints } = await this.#ports.sessions.agentFor(activeId);
    const preview = await checkpoints.previewRestore(message.messageId);
    const wish = await chooseWish(preview);
    if (!wish) return;
    if (wish.files && !(await isConfirmed(preview))) return;
    await this.restore(activeId, message.messageId, { ...wish, ...(wish.files && { token: preview.token }) });
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

async function chooseWish({ files }: RestorePreview): Promise<RestoreWish | undefined> {
  const count = files.filter(({ missing }) => !missing).length;
  const what = count === 1 ? '1 file' : `${count} files`;
  const conversation = {
    label: 'Conversation',
    description: 'files stay as they are',
    files: false,
    conversation: true,
  };
  if (count === 0)
    return vscode.window.showQuickPick([conversation], { title: 'No file can be restored. Go back in:' });
  return vscode.window.showQuickPick(
    [
      { label: 'Files and conversation', description: what, files: true, conversation: true },
      { label: 'Files', description: `${what}; the conversation stays`, files: true, conversation: false },
      conversation,
    ],
    { title: 'What goes back?' },
  );
}

const shownNames = 15;

async function isConfirmed({ files }: RestorePreview): Promise<boolean> {
  const foreign = files.filter((file) => file.foreign && !file.missing).map(({ display }) => display);
  const stays = files.filter(({ missing }) => missing).map(({ display }) => display);
  const lines = [
    ...(foreign.length > 0
      ? [`Changed since, by you, a command or another program; these changes go too: ${names(foreign)}.`]
      : []),
    `Files: ${names(files.filter(({ missing }) => !missing).map(({ display }) => display))}.`,
    ...(stays.length > 0 ? [`Cannot be restored: ${names(stays)}.`] : []),
    commandsAreNotUndone,
  ];
  const yes = 'Restore';
  const options = { modal: true, detail: lines.join('\n\n') };
  return (await vscode.window.showWarningMessage('Restore these files?', options, yes)) === yes;
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, shownNames).join(', ');
  return all.length > shownNames ? `${shown} and ${all.length - shownNames} more` : shown;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
