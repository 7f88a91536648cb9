import type { Op } from '../../src/core/protocol/ops';

/** What was posted, without the ids that are random. */
export function withoutSendIds(ops: readonly Op[]): readonly unknown[] {
  return ops.map((op) => {
    if (op.type !== 'turn.start') return op;
    const { sendId: _sendId, ...rest } = op;
    return rest;
  });
}
