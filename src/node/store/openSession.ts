import { readdir, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import { emptyMeta } from '../../core/store/meta';
import type { SessionReader } from '../../core/store/store';
import type { SessionFormat } from '../sessionFormat';
import type { Blobs } from './blobs';
import { replaceFile } from './durableFiles';
import { FileSessionLog } from './fileSessionLog';
import type { HeldSession } from './heldSessions';
import { isLeaseFile } from './lease';
import type { OpenSlots } from './openSlots';
import { catchUp, metaName, readMeta, Sidecar, textName, type SidecarPorts } from './sidecar';
import { creatingName, exists, type StoreLayout } from './storeLayout';

export interface OpenSessionPorts {
  readonly layout: StoreLayout;
  readonly format: SessionFormat;
  readonly slots: OpenSlots;
  readonly blobs: Blobs;
  readonly now: () => number;
}

/** The log of a session whose lease is held; nothing is opened before `startSession`. `onClosed` is called once. */
export function sessionLogOf(
  held: HeldSession,
  isNew: boolean,
  ports: OpenSessionPorts,
  onClosed: () => Promise<void>,
): FileSessionLog {
  const { folder, taken, agentId } = held;
  const checkLease = (): void => {
    if (taken.lease.holds()) return;
    throw new StoreError('conflict', `Another window has taken over the session ${agentId}.`, {
      advice: 'Open it again; what was stored before is there.',
    });
  };
  let mode: 'create' | 'existing' = isNew ? 'create' : 'existing';
  return new FileSessionLog({
    ...{ folder, slots: ports.slots, blobs: ports.blobs, checkLease, onClosed },
    openFormat: async () => {
      const log = await ports.format.open(folder, mode, { checkLease });
      mode = 'existing';
      return log;
    },
    syncNames: isNew ? () => ports.layout.syncNames(folder) : undefined,
  });
}

/** Opens the files: begins the history of a new session, or looks whether the sidecar of an old one is up to date. */
export async function startSession(held: HeldSession, log: FileSessionLog, isNew: boolean, ports: OpenSessionPorts) {
  const sidecarPorts = { folder: held.folder, holdsLease: () => held.taken.lease.holds() };
  if (isNew) await removeLeftovers(held.folder);
  await log.start((reader) =>
    isNew ? newSidecar(held, sidecarPorts, ports) : currentSidecar(held, sidecarPorts, reader),
  );
}

/** Of a process that died while it created the session: nothing of it was ever acknowledged. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== creatingName && !isLeaseFile(name)) await rm(path.join(folder, name), { recursive: true });
}

async function newSidecar(held: HeldSession, sidecarPorts: SidecarPorts, ports: OpenSessionPorts): Promise<Sidecar> {
  const meta = emptyMeta(held.agentId, ports.now());
  await replaceFile(path.join(held.folder, metaName), JSON.stringify(meta));
  await ports.layout.markCreated(held.folder);
  return new Sidecar(meta, sidecarPorts);
}

async function currentSidecar(held: HeldSession, ports: SidecarPorts, reader: SessionReader): Promise<Sidecar> {
  const { agentId, folder, taken } = held;
  const textFile = path.join(folder, textName);
  const found = await readMeta(folder, agentId);
  // Only the history was synced before a power cut.
  const usable = taken.after !== 'rebooted' && found && (found.messageCount === 0 || (await exists(textFile)));
  if (usable && taken.after === 'clean') return new Sidecar(found, ports);
  const known = usable ? found : emptyMeta(agentId, found?.createdAt ?? 0);
  const [current] = await Promise.allSettled([catchUp(known, reader)]);
  const sidecar = new Sidecar(found ?? known, ports);
  // What cannot be read is for those who ask for it to hear of: a list's entry does not keep the session closed.
  if (current.status === 'rejected') return sidecar;
  if (!usable) await rm(textFile, { force: true });
  sidecar.put(current.value.meta, current.value.lines);
  return sidecar;
}
