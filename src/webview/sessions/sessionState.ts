import type { SessionSummary } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import type { IconName } from '../ui/icons';

/** A session's state as an icon and a word; at rest no word is needed. */
export interface SessionStateLabel {
  readonly icon: IconName;
  readonly word: string;
  readonly attention: boolean;
}

export function sessionState({ state, openApprovals }: SessionSummary): SessionStateLabel {
  if (openApprovals > 0) return { icon: 'ask', word: 'Needs you', attention: true };
  switch (state) {
    case 'WORKING':
      return { icon: 'more', word: 'Working', attention: false };
    case 'PAUSED':
      return { icon: 'pause', word: 'Paused', attention: false };
    case 'READY':
      return { icon: 'circle', word: '', attention: false };
    default:
      return assertNever(state);
  }
}
