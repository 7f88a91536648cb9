import { strict as assert } from 'node:assert';
import type { AgentEvent, RestoreStep } from '../../src/core/protocol/events';
import type { AgentId, MessageId } from '../../src/core/protocol/ids';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView, type SessionView } from '../../src/core/protocol/view';

const [one, two] = ['msg-1', 'msg-2'].map((id) => id as MessageId) as [MessageId, MessageId];
const error = { code: 'failed', message: 'No.', advice: 'Look.', retryable: false } as const;

/** One event after the other, as the store numbers them. */
function shown(...events: readonly AgentEvent[]): SessionView {
  return events.reduce(
    (view, event, index) => reduce(view, { event, bookmark: { seq: index + 1, timestamp: 0 }, cursor: index + 1 }),
    emptySessionView('a' as AgentId),
  );
}
const said = (id: MessageId, text: string): AgentEvent => ({
  ...{ channel: 'progress', type: 'user_message' },
  message: { id, role: 'user', content: [{ type: 'text', text }], createdAt: 1 },
});
const restore = (step: Partial<RestoreStep> & Pick<RestoreStep, 'phase'>): AgentEvent =>
  ({ channel: 'progress', type: 'restore', restoreId: 'r1', messageId: two, ...step }) as AgentEvent;
const start = restore({ phase: 'start', files: 2 });
const end = (conversation: boolean): AgentEvent => restore({ phase: 'end', files: 2, conversation });
const rewound: AgentEvent = { channel: 'progress', type: 'rewound', messageId: two, messageCount: 2 };
const rewindUndone: AgentEvent = { channel: 'progress', type: 'rewind_undone', messageId: two, messageCount: 4 };
const checkpoint: AgentEvent = { channel: 'monitor', type: 'checkpoint', messageId: two };
const talk = [said(one, 'first'), said(two, 'second')];

/** Each line in short: what a person said, or what became of a restore. */
function lines({ items }: SessionView): readonly string[] {
  return items.map((item) =>
    item.kind === 'user' ? item.text : item.kind === 'restore' ? `${item.state} ${item.files}` : item.kind,
  );
}

describe('the transcript and going back', () => {
  it('offers the messages that were there when a file was changed, and none that came later', () => {
    const { items } = shown(...talk.slice(0, 1), checkpoint, ...talk.slice(1));
    assert.deepEqual(
      items.map((item) => item.kind === 'user' && item.restorable === true),
      [true, false],
    );
  });

  it('follows a restore of files from its start to its end, in one line', () => {
    assert.deepEqual(lines(shown(...talk, start)), ['first', 'second', 'running 2']);
    assert.deepEqual(lines(shown(...talk, start, end(false))), ['first', 'second', 'done 2']);
  });

  it('tells one that failed whole from one that left a part behind', () => {
    assert.deepEqual(lines(shown(...talk, start, restore({ phase: 'failed', error }))).at(-1), 'failed 2');
    const partly = shown(...talk, start, restore({ phase: 'failed', error, partly: true }));
    assert.equal(lines(partly).at(-1), 'cutOff 2');
  });

  it('sets aside what leaves the conversation, with no trace of the running restore', () => {
    const view = shown(...talk, start, rewound, end(true));
    assert.deepEqual(lines(view), ['first', 'done 2']);
    assert.deepEqual([view.setAside?.at, view.setAside?.items.length], [1, 1]);
  });

  it('brings it back in its place, and the restore says that it was undone', () => {
    const undone = restore({ ...{ phase: 'end', files: 2, conversation: true }, restoreId: 'r2', undoes: 'r1' });
    const view = shown(...talk, start, rewound, end(true), rewindUndone, undone);
    assert.deepEqual(lines(view), ['first', 'second', 'undone 2']);
    assert.equal(view.setAside, undefined);
  });

  it('forgets what was set aside once something else is said, and takes no second undoing', () => {
    const view = shown(...talk, rewound, said('msg-3' as MessageId, 'other'));
    assert.equal(view.setAside, undefined);
    assert.deepEqual(lines(reduce(view, { event: rewindUndone, bookmark: { seq: 9, timestamp: 0 }, cursor: 9 })), [
      'first',
      'other',
    ]);
  });

  it('goes on offering the undo where the undoing itself failed, and says why', () => {
    const undoing = { restoreId: 'r2', undoes: 'r1' };
    const failed = [restore({ phase: 'start', files: 2, ...undoing }), restore({ phase: 'failed', error, ...undoing })];
    assert.deepEqual(lines(shown(...talk, start, end(false), ...failed)), ['first', 'second', 'done 2', 'notice']);
  });

  it('changes nothing for a message or a restore that is not there', () => {
    const strange = restore({ phase: 'failed', error, restoreId: 'nobody' });
    const elsewhere: AgentEvent = { ...rewound, messageId: 'msg-9' as MessageId };
    assert.deepEqual(lines(shown(...talk, strange, elsewhere, rewindUndone)), ['first', 'second']);
  });

  it('says a switched mode in the transcript, but not before anything was said', () => {
    const switched: AgentEvent = { channel: 'monitor', type: 'permission_changed', mode: 'review' };
    assert.deepEqual([shown(switched).mode, shown(switched).items], ['review', []]);
    const view = shown(...talk, switched);
    assert.deepEqual([view.mode, lines(view).at(-1)], ['review', 'modeChange']);
  });
});
