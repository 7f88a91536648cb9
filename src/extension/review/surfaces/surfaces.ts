import { languages } from 'vscode';
import type { MessageId } from '../../../core/protocol/ids';
import type { Disposables } from '../../../core/util/disposables';
import type { PendingReviews } from '../pendingReviews';
import { Baselines } from './baselines';
import { HunkCommands } from './hunkCommands';
import { HunkDecorations } from './hunkDecorations';
import { HunkHover } from './hunkHover';
import { HunkLenses } from './hunkLenses';
import { HunkTargets } from './hunkTargets';
import { OpenChanges } from './openChanges';
import { PendingHunks } from './pendingHunks';
import { PendingKeys } from './pendingKeys';
import { PendingSource } from './pendingSource';

export interface SurfacesPorts {
  readonly pending: PendingReviews;
  /** Sends an instruction to the agent that made this turn's changes. */
  readonly instruct: (turnId: MessageId, text: string) => Promise<void>;
  /** Hears of failures of what nobody waits for. */
  readonly report: (problem: unknown) => void;
  /** Of commands, schemes and context keys. Default 'countersign'. */
  readonly prefix?: string;
}

export interface Surfaces {
  /** What the commands do. */
  readonly hunks: PendingHunks;
  readonly source: PendingSource;
  readonly changes: OpenChanges;
}

/** Everything that shows pending hunks in the editor and decides them there. */
export function makeSurfaces(owned: Disposables, ports: SurfacesPorts): Surfaces {
  const { pending, instruct, report, prefix = 'countersign' } = ports;
  const commands = new HunkCommands(prefix);
  const baselines = owned.add(new Baselines(pending, prefix));
  const targets = new HunkTargets(pending, baselines);
  const changes = new OpenChanges(pending, baselines);
  owned.add(new HunkDecorations(pending));
  // Of every scheme: a workspace may be virtual.
  const everything = { pattern: '**' };
  owned.add(languages.registerCodeLensProvider(everything, owned.add(new HunkLenses(pending, commands))));
  owned.add(languages.registerHoverProvider(everything, new HunkHover(pending, commands)));
  owned.add(new PendingKeys({ pending, targets, report }, prefix));
  const source = owned.add(new PendingSource({ pending, baselines, commands }, prefix));
  return { hunks: new PendingHunks({ pending, targets, changes, instruct }), source, changes };
}
