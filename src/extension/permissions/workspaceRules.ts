import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import { MemoryRules } from '../../core/permission/rules';
import type { RuleView } from '../../core/protocol/toolCalls';

const key = 'rules';

const stored = z.array(
  z.object({
    id: z.string(),
    scope: z.literal('workspace'),
    subject: z.object({
      kind: z.enum(['command', 'line', 'host', 'tool']),
      text: z.string(),
      cwd: z.string(),
      bound: z.exactOptional(z.string()),
      boundTo: z.exactOptional(z.string()),
    }),
    createdAt: z.number(),
  }),
);

/**
 * What was allowed for good in this workspace. It is kept in the editor's own state, never in the workspace: no file that an
 * agent or a repository writes can allow anything. What cannot be read allows nothing.
 */
export function workspaceRules(
  memento: vscode.Memento,
  onChange: (rules: readonly RuleView[]) => void,
  reportError: (what: string, error: unknown) => void,
): MemoryRules {
  const known = stored.safeParse(memento.get(key) ?? []);
  if (!known.success) reportError('What was allowed in this workspace cannot be read and counts no more', known.error);
  return new MemoryRules('workspace', Date.now, known.success ? known.data : [], (rules) => {
    memento.update(key, rules).then(undefined, (error: unknown) => reportError('A rule could not be kept', error));
    onChange(rules);
  });
}
