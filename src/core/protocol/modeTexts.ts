import type { ReviewMode } from './modes';

export interface ModeText {
  readonly name: string;
  /** One line: what it does. */
  readonly description: string;
}

/** The modes in words, the same in the panel, in the palette and in the settings. */
export const modeTexts: Readonly<Record<ReviewMode, ModeText>> = {
  plan: { name: 'Plan', description: 'Looks around and writes a plan. Nothing is changed or run before you say go.' },
  ask: { name: 'Ask', description: 'Edits and commands wait for your yes.' },
  review: {
    name: 'Review',
    description: 'Edits land at once and wait to be accepted or taken back. Commands still ask.',
  },
  auto: {
    name: 'Auto',
    description: 'Edits in the workspace land without asking. Protected files and risky commands still ask.',
  },
};

/** What somebody should have read before Auto is in force for the first time. */
export const autoMeans =
  'In Auto, edits in this workspace land without asking you; only protected files and risky commands still ask.';
