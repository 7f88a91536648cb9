import { CheckpointError } from './checkpointError';
import { tokenOf, type PlannedFile } from './restorePlan';

/** @throws CheckpointError 'changed' where something else would be done than was seen. */
export function checkSeen(planned: readonly PlannedFile[], token: string | undefined): void {
  if (token === undefined ? !planned.some(({ foreign, missing }) => foreign && !missing) : token === tokenOf(planned))
    return;
  const foreign = planned.filter((file) => file.foreign && !file.missing).map(({ display }) => display);
  const named =
    foreign.length === 0
      ? ''
      : ` Changed since, by you, a command or another program: ${foreign.slice(0, 10).join(', ')}.`;
  throw new CheckpointError('changed', `Files are not what they were; nothing was restored.${named}`, {
    advice: 'Look at the list of files, and restore them if these changes may go.',
    retryable: true,
  });
}

export function nothingToRestore(planned: readonly PlannedFile[]): CheckpointError {
  if (planned.length === 0) return nothing('No file has changed since: there is nothing to restore.');
  return nothing(`None of the files can be restored: ${planned.map(({ display }) => display).join(', ')}.`);
}

export function nothing(message: string): CheckpointError {
  return new CheckpointError('nothing', message, { advice: 'Choose another message.' });
}

const toldNames = 30;

function namesOf(files: readonly PlannedFile[]): string {
  const names = files.slice(0, toldNames).map(({ display }) => display);
  const more = files.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

export function toldOfRestore(files: readonly PlannedFile[]): string {
  return `The user has put files back to what they were at an earlier message; edits made since are gone from: ${namesOf(files)}. Read them again before you go on.`;
}

export function toldOfUndo(files: readonly PlannedFile[]): string | undefined {
  if (files.length === 0) return undefined;
  return `The user has undone the last restore of files; these are again what they were before it: ${namesOf(files)}. Read them again before you go on.`;
}
