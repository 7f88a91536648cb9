import { askUser } from './askUser';
import { applyPatch } from './applyPatch';
import { bashKill } from './bashKill';
import { bashLogs } from './bashLogs';
import { bashRun } from './bashRun';
import { definition } from './definition';
import { diagnostics } from './diagnostics';
import { fsEdit } from './fsEdit';
import { fsGlob } from './fsGlob';
import { fsGrep } from './fsGrep';
import { fsMultiEdit } from './fsMultiEdit';
import { fsRead } from './fsRead';
import { fsWrite } from './fsWrite';
import { presentPlan } from './presentPlan';
import { references } from './references';
import { rename } from './rename';
import { symbols } from './symbols';
import { todoRead } from './todoRead';
import { todoWrite } from './todoWrite';
import type { Tool } from './tool';
import { webFetch } from './webFetch';

/** The tools that every agent has at hand, as far as its sandbox can do them. A new one is a file beside this one and a line here. */
export const builtinTools: readonly Tool[] = [
  fsRead,
  fsWrite,
  fsEdit,
  fsMultiEdit,
  applyPatch,
  fsGlob,
  fsGrep,
  diagnostics,
  symbols,
  definition,
  references,
  rename,
  bashRun,
  bashLogs,
  bashKill,
  webFetch,
  todoRead,
  todoWrite,
  askUser,
  presentPlan,
];
