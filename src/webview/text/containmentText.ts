import type { Containment, ContainmentLevel } from '../../core/protocol/toolCalls';
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
  os: 'A command is held by the system’s sandbox.',
  partial: 'A command is only partly held by the system’s sandbox.',
  none: 'A command is not held by a sandbox.',
};

/** What a held command can do, in a few words: "changes only this workspace, reaches no host". */
export function shortContainment({ files, network }: Containment): string {
  const changes = files.startsWith('It can change files of the workspace only')
    ? 'changes only this workspace'
    : withoutSubject(files);
  const reaches = /^It can reach (.+)\.$/.exec(network)?.[1];
  return [changes, reaches === undefined ? withoutSubject(network) : `reaches ${reaches}`]
    .filter((text) => text !== '')
    .join(', ');
}

function withoutSubject(sentence: string): string {
  return sentence.replace(/^It (?=can )/, '').replace(/\.$/, '');
}
