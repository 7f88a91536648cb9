import { strict as assert } from 'node:assert';
import { StoreError } from '../../../src/core/errors';
import { newAgentId } from '../../../src/core/protocol/ids';
import { lazy } from '../../../src/extension/lazy';
import { carryOut, type RoutedOp } from '../../../src/extension/opRouter';
import { obstacleOf } from '../../../src/extension/sessions/obstacle';

describe('the host', () => {
  it('is made once however often it is needed; after a failure the next use tries again', async () => {
    let tries = 0;
    const host = lazy(async () => {
      if (++tries === 1) throw new Error('the file was being replaced');
      return { number: tries };
    });
    assert.equal(host.made, undefined);
    const both = await Promise.allSettled([host.get(), host.get()]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(host.made, undefined);
    assert.deepEqual(await Promise.all([host.get(), host.get()]), [{ number: 2 }, { number: 2 }]);
    assert.ok(host.made);
    assert.equal(tries, 2);
  });

  it('a message that cannot be sent is reported with its id, anything else without one', async () => {
    const reported: unknown[] = [];
    const error = new StoreError('held', 'It is in use.');
    const run = (op: RoutedOp): Promise<void> =>
      carryOut(
        op,
        () => Promise.reject(error),
        (...report) => void reported.push(report),
      );
    const sessionId = newAgentId();
    await run({ type: 'turn.start', sessionId, text: 'Hello.', sendId: 'send-1' });
    await run({ type: 'turn.interrupt', sessionId });
    assert.deepEqual(reported, [
      ['An operation failed', error, 'send-1'],
      ['An operation failed', error, undefined],
    ]);
  });

  it('says what keeps agents from working, and what to do about it', () => {
    const of = (isTrusted: boolean, hasFolder: boolean) => obstacleOf({ isTrusted, hasFolder });
    assert.match(`${of(false, true)?.message} ${of(false, true)?.advice}`, /not trusted.*Manage Workspace Trust/);
    assert.match(`${of(true, false)?.message} ${of(true, false)?.advice}`, /No folder is open.*Open a folder/);
    assert.equal(of(true, true), undefined);
  });
});
