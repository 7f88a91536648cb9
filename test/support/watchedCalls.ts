import type { FileCalls } from '../../src/node/sqlJs/fileCalls';

export type FileCallName = keyof FileCalls;

/** The same calls, each announced before it is made; what `before` throws is what the system answers. */
export function watched(calls: FileCalls, before: (name: FileCallName, target: string | number) => void): FileCalls {
  const announce = <Name extends FileCallName>(name: Name): FileCalls[Name] => {
    const call = calls[name].bind(calls) as (...args: unknown[]) => unknown;
    const wrapped = (...args: unknown[]): unknown => {
      before(name, args[0] as string | number);
      return call(...args);
    };
    return wrapped as FileCalls[Name];
  };
  return {
    openSync: announce('openSync'),
    closeSync: announce('closeSync'),
    readSync: announce('readSync'),
    writeSync: announce('writeSync'),
    fsyncSync: announce('fsyncSync'),
    fdatasync: async (fd) => announce('fdatasync')(fd),
    ftruncateSync: announce('ftruncateSync'),
    fstatSync: announce('fstatSync'),
    statSync: announce('statSync'),
    unlinkSync: announce('unlinkSync'),
    syncFolderSync: announce('syncFolderSync'),
  };
}
