import { lstatSync } from 'node:fs';

/** Whether anything has this name, a symbolic link that leads nowhere included. */
export function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
