import { strict as assert } from 'node:assert';
import type { AgentId } from '../../../src/core/protocol/ids';
import { JudgmentNews } from '../../../src/extension/review/judgmentNews';
import type { Judgment } from '../../../src/extension/review/pendingReviews';

const one: Judgment = {
  ...{ agentId: 'agt-1' as AgentId, decision: 'rejected', display: 'a.ts', hunks: 1, touched: false },
  ...{ diff: '@@ -1,1 +1,1 @@\n-new\n+old', reason: 'Too clever.' },
};

describe('what an agent hears of decisions', () => {
  let say: (judgment: Judgment) => void = () => undefined;
  let told: (readonly [string, string])[];
  let failures: string[];
  let tell: (agentId: AgentId, text: string) => Promise<void>;
  const news = (): JudgmentNews =>
    new JudgmentNews({
      onDidJudge: (listener) => {
        say = listener;
        return { dispose: () => undefined };
      },
      tell: (agentId, text) => tell(agentId, text),
      reportError: (what) => failures.push(what),
    });
  beforeEach(() => {
    [told, failures] = [[], []];
    tell = async (agentId, text) => void told.push([agentId, text]);
  });

  it('is one text for all that was decided at once, with the reason and what was taken back', async () => {
    const waiting = news();
    say(one);
    say({ ...one, decision: 'accepted', display: 'b.ts', hunks: 3, diff: '', reason: '', touched: true });
    await waiting.flush();
    assert.deepEqual(told, [
      [
        'agt-1',
        'The user rejected your change in a.ts; the file holds what stood there before. Their reason: Too clever. What was taken back:\n@@ -1,1 +1,1 @@\n-new\n+old\nThe user accepted 3 of your changes in b.ts, with changes of their own inside.',
      ],
    ]);
    waiting.dispose();
  });

  it('goes to the agent whose edits they were, by itself', async () => {
    const waiting = news();
    say(one);
    say({ ...one, agentId: 'agt-2' as AgentId });
    while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(
      told.map(([agentId]) => agentId),
      ['agt-1', 'agt-2'],
    );
    waiting.dispose();
  });

  it('is reported where the agent cannot be told, and the others are', async () => {
    tell = async (agentId, text) => {
      if (agentId === 'agt-1') throw new Error('held elsewhere');
      told.push([agentId, text]);
    };
    const waiting = news();
    say(one);
    say({ ...one, agentId: 'agt-2' as AgentId });
    await waiting.flush();
    assert.deepEqual([told.length, failures.length], [1, 1]);
    waiting.dispose();
  });
});
