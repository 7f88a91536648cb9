import type { AppView } from '../../core/protocol/view';

/** What a person has to do before the first message: one thing at a time, in this order. */
export type StartStep = 'openFolder' | 'trustFolder' | 'chooseModel' | 'ready';

export function startStep(app: AppView): StartStep {
  if (app.workspace.folders.length === 0) return 'openFolder';
  if (!app.workspace.trusted) return 'trustFolder';
  return app.model ? 'ready' : 'chooseModel';
}
