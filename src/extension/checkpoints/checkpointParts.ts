import * as path from 'node:path';
import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { Disposable, Disposables } from '../../core/util/disposables';
import { FileCheckpointBlobs } from '../../node/checkpoints/fileCheckpointBlobs';
import { StoreLayout } from '../../node/store/storeLayout';
import { checkpointBytesSetting } from '../settings';
import { rootFolders } from '../workspaceSandbox';

/** Milliseconds after the start, and then between two looks at what may be given up. */
const firstLookMs = 30_000;
const lookMs = 3_600_000;

/** What files of this workspace were before agents changed them: in the extension's own storage, for all windows of the folder. */
export function makeCheckpointBlobs(
  owned: Disposables,
  storage: vscode.Uri,
  reportError: (what: string, error: unknown) => void,
): FileCheckpointBlobs {
  const [first] = rootFolders();
  const name = createHash('sha256')
    .update(first?.uri.toString() ?? '')
    .digest('hex')
    .slice(0, 32);
  const folder = path.join(new StoreLayout(storage.fsPath).root, 'checkpoints', name);
  const blobs = new FileCheckpointBlobs({ folder, maxBytes: checkpointBytesSetting });
  owned.add(pruneNowAndThen(blobs, reportError));
  return blobs;
}

function pruneNowAndThen(blobs: FileCheckpointBlobs, reportError: (what: string, error: unknown) => void): Disposable {
  const stop = new AbortController();
  const look = (): void => {
    blobs.prune(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) reportError('Old checkpoints could not be given up', error);
    });
  };
  const timers = [setTimeout(look, firstLookMs), setInterval(look, lookMs)];
  for (const timer of timers) timer.unref();
  return {
    dispose: () => {
      for (const timer of timers) clearTimeout(timer);
      stop.abort(new Error('The window closes.'));
    },
  };
}
