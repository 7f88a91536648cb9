import type { ContainmentLevel } from '../../core/protocol/toolCalls';
import type { IconName } from '../ui/icons';

/** A level by its shape, not by its colour alone. */
export const containmentIcons: Readonly<Record<ContainmentLevel, IconName>> = {
  os: 'shieldOn',
  partial: 'shieldPartly',
  none: 'shieldOff',
};

/** As the header says it. */
export const containmentWords: Readonly<Record<ContainmentLevel, string>> = {
  os: 'Sandbox: on',
  partial: 'Sandbox: partly',
  none: 'Sandbox: off',
};

export const containmentTitles: Readonly<Record<ContainmentLevel, string>> = {
  os: 'Commands are held by the system’s sandbox.',
  partial: 'Commands are only partly held by the system’s sandbox.',
  none: 'Commands are not held by a sandbox.',
};
