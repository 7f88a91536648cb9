import { bashKill } from './bashKill';
import { bashLogs } from './bashLogs';
import { bashRun } from './bashRun';
import { fsEdit } from './fsEdit';
import { fsGlob } from './fsGlob';
import { fsGrep } from './fsGrep';
import { fsMultiEdit } from './fsMultiEdit';
import { fsRead } from './fsRead';
import { fsWrite } from './fsWrite';
import { todoRead } from './todoRead';
import { todoWrite } from './todoWrite';
import type { Tool } from './tool';

/** The documented tools in groups, for a registry of one's own choice. */
export const builtin = {
  fs: (): readonly Tool[] => [fsRead, fsWrite, fsEdit, fsMultiEdit, fsGlob, fsGrep],
  bash: (): readonly Tool[] => [bashRun, bashLogs, bashKill],
  todo: (): readonly Tool[] => [todoRead, todoWrite],
} as const;
