import type { AppView } from '../../src/core/protocol/view';
import type { ApprovalSubject, ToolCallSnapshot } from '../../src/core/protocol/toolCalls';
import { asCallId } from '../../src/core/protocol/ids';
import { priceChange, testChange } from './fixtures';
import { agentId, permissionId, type SessionScript } from './sessionScript';
import type { SessionState } from './sessionStates';
import { begun, held, snapshot } from './states';

/** The subagent whose questions come to the session. */
export const subagent: NonNullable<ApprovalSubject['from']> = {
  agentId: agentId('agt-below'),
  templateId: 'release-notes-writer',
  task: 'Collect what changed since v2.4.0 from the history and from CHANGELOG.md, group it by package, and write docs/releases/2.5.0.md in the tone of the notes that are there; leave out what only touches tests.',
};

/** As it is brought up: the call is shown as one of the session's own, with an id of its own. */
export function askedBelow(
  script: SessionScript,
  name: string,
  subject: ApprovalSubject,
  number = 1,
): ToolCallSnapshot {
  const input = subject.kind === 'command' ? { cmd: subject.command } : { board: 'release', dry_run: false };
  const call = script.call(name, input);
  const reason = subject.from ? `Subagent ${subject.from.templateId}: ${subject.reason}` : subject.reason;
  script.asks({ ...call, agentId: subagent.agentId, id: asCallId(call.id) }, { ...subject, reason }, number);
  return call;
}

function subagents(): SessionScript {
  const script = begun().answer('Two subagents write the notes and the board.');
  script.running(
    script.call('task_run', { agentTemplateId: subagent.templateId, description: 'Write the release notes' }),
  );
  askedBelow(script, 'bash_run', {
    ...{ kind: 'command', command: 'git log --format=%s v2.4.0..HEAD > notes.txt', cwd: 'shop', background: false },
    ...{ containment: held, reason: 'It writes `notes.txt`.', from: subagent },
  });
  const input = JSON.stringify({ board: 'release', column: 'Done', cards: ['SHOP-12', 'SHOP-31'] }, undefined, 2);
  askedBelow(
    script,
    'mcp__tickets__move_cards_to_another_column',
    {
      kind: 'tool',
      name: 'mcp__tickets__move_cards_to_another_column',
      input,
      reason: 'It acts outside.',
      from: subagent,
    },
    2,
  );
  return script;
}

/** Tools that the panel knows nothing of, in the states a call ends in. */
function unknownTools(): SessionScript {
  const script = begun().answer('I look at the board.');
  const name = 'mcp__tickets__list_cards_of_a_board_with_all_their_fields';
  script.completed(script.call(name, { board: 'release' }), { cards: [{ id: 'SHOP-12', title: 'Discounts' }] }, 2100);
  script.failed(script.call('mcp__tickets__close', { card: 'SHOP-12' }), 'The board is read only: ask its owner.');
  script.completed(script.call('skills', { action: 'load', skill_name: 'release-notes' }), { ok: true });
  return script.answer('The board is read only.').done();
}

const bothFiles: ApprovalSubject = { kind: 'edit', files: [priceChange, testChange], reason: '', why: [] };

/** A proposal of which a part was decided in the editor. */
export function partlyDecided(): SessionScript {
  const script = begun().answer('I keep the sign, and test it.');
  return script.asks(script.call('fs_multi_edit', { edits: [] }), bothFiles);
}

export const partly: Partial<AppView> = {
  proposals: [{ permissionId: permissionId(1), accepted: 2, rejected: 1, left: 3, changed: true }],
};

/** An edit of which only a part landed. */
export function landedInPart(): SessionScript {
  const script = begun().answer('I keep the sign.');
  const call = script.call('fs_edit', { path: priceChange.path });
  script.asks(call, { kind: 'edit', files: [priceChange], reason: '' }).decided(call, 'allow');
  const note = `The user accepted 1 of your 2 hunks for ${priceChange.path} and rejected the one at line 14. From what you proposed to what stands there now:\n@@ -13,3 +13,2 @@\n const digits = text;\n-const sign = -1;\n return digits;`;
  const landed = [{ path: priceChange.path, additions: 1, deletions: 0 }];
  const data = { ok: true, path: priceChange.path, replacements: 1, landed };
  const done: ToolCallSnapshot = { ...call, state: 'COMPLETED', result: { ok: true, data, note }, durationMs: 40 };
  script.event({ channel: 'progress', type: 'tool:end', call: done });
  return script.answer('I leave the rest as it is.').done();
}

/** Who asks, what is decided of a proposal already, and what really landed. */
export const askerStates: Readonly<Record<string, SessionState>> = {
  subagents: { message: () => snapshot(subagents().view), height: 900 },
  unknownTools: {
    message: () => snapshot(unknownTools().view),
    prepare: (page) => page.locator('.tool .fold').first().click(),
  },
  partlyDecided: { message: () => snapshot(partlyDecided().view, partly), height: 1300 },
  landedInPart: {
    message: () => snapshot(landedInPart().view),
    height: 900,
    prepare: (page) => page.locator('.tool .fold').first().click(),
  },
};
