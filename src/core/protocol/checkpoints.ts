import type { MessageId } from './ids';

/** One file that a restore would change. */
export interface RestoreFile {
  /** Its path for people. */
  readonly display: string;
  /** 'recreate': it is not there any more; 'delete': it was not there then. */
  readonly change: 'restore' | 'delete' | 'recreate';
  /** Somebody else has changed it since: the user, a command, another program. That change goes too. */
  readonly foreign: boolean;
  /** Why it stays as it is: what it held was given up for age or space; it may hold secrets, of which nothing is kept; its path leads elsewhere by now. */
  readonly missing?: 'pruned' | 'secret' | 'elsewhere';
}

/** What a restore would do to files: those with foreign changes first, those that stay as they are last. */
export interface RestorePreview {
  readonly messageId: MessageId;
  readonly files: readonly RestoreFile[];
  /** Stands for exactly this list and what the files hold now: given to the restore, it refuses to do anything else. */
  readonly token: string;
}

/** What is to go back to before a message. At least one of them. */
export interface RestoreWish {
  readonly files: boolean;
  readonly conversation: boolean;
}

/** Said wherever a restore is offered. */
export const commandsAreNotUndone = 'Changes made by commands are not undone.';
