import type { AgentError } from '../../core/errors';
import type { ModelSources } from './modelSources';

/** Asks nobody anything while something keeps agents from working here: in a workspace that is not trusted no connection is made. */
export function guardedSources(sources: ModelSources, obstacle: () => AgentError | undefined): ModelSources {
  const check = (): void => {
    const reason = obstacle();
    if (reason) throw reason;
  };
  return {
    ...sources,
    list: async (endpoint, signal) => {
      check();
      return sources.list(endpoint, signal);
    },
    findLocal: async (signal) => (obstacle() ? new Set() : sources.findLocal(signal)),
    misaddressed: () => (obstacle() ? [] : sources.misaddressed()),
    editor: async () => (obstacle() ? [] : sources.editor()),
    test: async (model, signal) => {
      check();
      return sources.test(model, signal);
    },
  };
}
