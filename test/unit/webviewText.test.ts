import { strict as assert } from 'node:assert';
import { asCallId } from '../../src/core/protocol/ids';
import type { ToolResultContent } from '../../src/core/protocol/messages';
import type { ToolCallSnapshot } from '../../src/core/protocol/toolCalls';
import { noUsage } from '../../src/core/protocol/usage';
import { type ApprovalView, type TranscriptItem } from '../../src/core/protocol/view';
import { openQuestion } from '../../src/webview/models/openQuestion';
import { permissionId } from '../look/sessionScript';
import { containmentOf } from '../../src/node/commands/containment/containmentOf';
import { shortContainment } from '../../src/webview/text/containmentText';
import { diffLines } from '../../src/webview/text/diffLines';
import { linkTarget } from '../../src/webview/text/linkTarget';
import { markedParts } from '../../src/webview/text/markedParts';
import { priceText, shortCount, shortDuration, sizeText } from '../../src/webview/text/numbers';
import { finishedLength, spokenText } from '../../src/webview/text/sentences';
import { terminalText } from '../../src/webview/text/terminalText';
import { dayOf, momentText, timeAgo } from '../../src/webview/text/times';
import { toolLabel } from '../../src/webview/text/toolLabel';
import { failureText, resultText, stateLabel } from '../../src/webview/text/toolOutcome';
import { visibleText } from '../../src/webview/text/visibleText';

function call(state: ToolCallSnapshot['state'], result?: ToolResultContent): ToolCallSnapshot {
  const id = asCallId('call_1');
  const times = { createdAt: 0, updatedAt: 0 };
  return { id, name: 'bash_run', input: {}, state, approval: { required: false }, ...times, ...(result && { result }) };
}

describe('what a person is asked to approve', () => {
  it('shows bidi overrides, zero-width characters and controls as their code points', () => {
    assert.equal(visibleText('a\u202Eb\u200Bc\u0007d\u00ADe\rf'), 'a<U+202E>b<U+200B>c<U+0007>d<U+00AD>e<U+000D>f');
  });

  it('shows tag characters, fillers and variation selectors that hide text', () => {
    assert.equal(visibleText('a\u{E0041}\u3164\uFE0Fb\u2800'), 'a<U+E0041><U+3164><U+FE0F>b<U+2800>');
  });

  it('leaves line breaks, tabs, letters of any script and emoji as they are', () => {
    const text = 'line\n\ttab äöü 日本語 ✔️ 👩‍💻 $& end';
    assert.equal(visibleText(text), text);
  });
});

describe("a program's output", () => {
  it('loses its colours, titles and links but none of its text', () => {
    assert.equal(
      terminalText('\u001b[1;32mok\u001b[0m \u001b]0;title\u0007\u001b]8;;https://a\u001b\\link\u001b]8;;\u001b\\'),
      'ok link',
    );
  });

  it('keeps what a progress bar showed last', () => {
    assert.equal(terminalText('10%\r50%\r100% done\r\nnext'), '100% done\nnext');
    assert.equal(terminalText('long line\rshort'), 'shortline');
  });

  it('drops an escape sequence that was cut off at the end', () => {
    assert.equal(terminalText('text\u001b[3'), 'text');
    assert.equal(terminalText('text\u001b'), 'text');
  });
});

describe('a link in an answer', () => {
  it('leads to a web page only by http and https', () => {
    assert.deepEqual(linkTarget('https://example.com/a?b#c'), { kind: 'web', url: 'https://example.com/a?b#c' });
    for (const href of [
      'javascript:alert(1)',
      'javascript:1',
      'command:x.y',
      'data:text/html,x',
      'vscode://a/b',
      '//evil.example',
      'file:///etc/passwd',
      '#top',
      '',
    ])
      assert.equal(linkTarget(href), undefined, href);
  });

  it('leads to a file and its line, however the model writes it', () => {
    for (const href of ['src/a.ts#L12', 'src/a.ts:12', './src/a.ts:12:5', 'src/a.ts#L12-L20'])
      assert.deepEqual(linkTarget(href), { kind: 'file', path: 'src/a.ts', line: 12 }, href);
    assert.deepEqual(linkTarget('a.ts:3'), { kind: 'file', path: 'a.ts', line: 3 });
    assert.deepEqual(linkTarget('LICENSE'), { kind: 'file', path: 'LICENSE' });
    assert.deepEqual(linkTarget('C:\\x\\y.ts'), { kind: 'file', path: 'C:\\x\\y.ts' });
  });

  it('decodes what is encoded and keeps a percent sign that encodes nothing', () => {
    assert.deepEqual(linkTarget('my%20file.ts'), { kind: 'file', path: 'my file.ts' });
    assert.deepEqual(linkTarget('100%.txt'), { kind: 'file', path: '100%.txt' });
  });
});

describe('numbers for people', () => {
  it('are short', () => {
    assert.deepEqual([0, 999, 1000, 1250, 9949, 9950, 35_400, 999_499, 999_500, 1_400_000].map(shortCount), [
      ...['0', '999', '1k', '1.3k', '9.9k', '10k', '35k', '999k', '1M', '1.4M'],
    ]);
    assert.deepEqual([40, 1000, 2340, 9999, 59_400, 59_600, 125_000].map(shortDuration), [
      ...['0 s', '1 s', '2.3 s', '10 s', '59 s', '1 min', '2 min 5 s'],
    ]);
  });

  it('say what files take', () => {
    assert.deepEqual([0, 999, 840_000, 999_900, 1_400_000, 12_400_000, 999_600_000, 1_440_000_000].map(sizeText), [
      ...['0 KB', '1 KB', '840 KB', '1 MB', '1.4 MB', '12 MB', '1 GB', '1.4 GB'],
    ]);
  });

  it('say that a price is unknown, except in the demo', () => {
    const { cost: _cost, ...unpriced } = { ...noUsage, totalTokens: 10 };
    assert.equal(priceText(unpriced, false), 'price unknown');
    assert.equal(priceText(unpriced, true), '');
    assert.equal(priceText(noUsage, false), '');
    assert.equal(priceText({ ...unpriced, cost: 0.004 }, false), '< $0.01');
    assert.equal(priceText({ ...unpriced, cost: 1.255 }, false), '$1.25');
  });
});

describe('a time', () => {
  const now = new Date(2026, 2, 10, 15, 30).getTime();
  const at = (...[year, month, day, hour]: readonly [number, number, number, number]) =>
    new Date(year, month, day, hour).getTime();

  it('is told by how long ago it was, then by its day', () => {
    const minuteMs = 60_000;
    const shown = [-5, 0, 0.9, 1, 59.9, 60, 15.4 * 60].map((minutes) => timeAgo(now - minutes * minuteMs, now));
    assert.deepEqual(shown, ['now', 'now', 'now', '1 min', '59 min', '1 h', '15 h']);
    assert.equal(timeAgo(at(2026, 2, 9, 0), now), 'Yesterday');
    assert.match(timeAgo(at(2026, 2, 8, 23), now), /8/);
    assert.doesNotMatch(timeAgo(at(2026, 0, 12, 9), now), /2026/);
    assert.match(timeAgo(at(2025, 0, 12, 9), now), /2025/);
  });

  it('belongs to a day of the calendar, not to the last 24 hours', () => {
    const midnight = at(2026, 2, 10, 0);
    assert.deepEqual(
      [midnight, midnight - 1, at(2026, 2, 9, 0), at(2026, 2, 9, 0) - 1].map((time) => dayOf(time, now)),
      [...['today', 'yesterday', 'yesterday', 'earlier']],
    );
    assert.equal(dayOf(now - 1, at(2026, 2, 11, 0)), 'yesterday');
  });

  it('is a clock time for today and has its day before that', () => {
    assert.match(momentText(at(2026, 2, 10, 9), now), /^0?9:00/);
    assert.match(momentText(at(2026, 2, 9, 9), now), /^yesterday, /);
    assert.match(momentText(at(2026, 0, 12, 9), now), /12.*, .*9:00/);
  });
});

describe('a found text', () => {
  const marked = (text: string, query: string) =>
    markedParts(text, query)
      .map((part) => (part.marked ? `[${part.text}]` : part.text))
      .join('');

  it('has the query marked where it stands as a whole, else its words', () => {
    assert.equal(
      marked('Fix the Parser, then the parse tests', 'the parse'),
      'Fix [the Parse]r, then [the parse] tests',
    );
    assert.equal(marked('Parse it, then fix the rest', 'the parse'), '[Parse] it, [the]n fix [the] rest');
    assert.equal(marked('one\n  two', 'one two'), '[one\n  two]');
    assert.equal(marked('the parser', 'pars parser'), 'the [parser]');
  });

  it('stays as it is without a query, and takes signs of a query as they are', () => {
    assert.equal(marked('a <b>', '  '), 'a <b>');
    assert.deepEqual(markedParts('', 'x'), []);
    assert.equal(marked('price (3) = $5.00 [a/b]', '(3) = $5.0'), 'price [(3) = $5.0]0 [a/b]');
    assert.equal(marked('a.b.*', '.*'), 'a.b[.*]');
    assert.equal(marked('ÄÖ straße 日本語', 'äö 本'), '[ÄÖ] straße 日[本]語');
  });
});

describe('a diff', () => {
  it('keeps its signs apart from the text and its empty lines', () => {
    assert.deepEqual(diffLines('@@ -1,2 +1,2 @@\n a\n-b\n+\n\\ No newline at end of file\n'), [
      { kind: 'hunk', text: '@@ -1,2 +1,2 @@' },
      { kind: 'context', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: '' },
      { kind: 'note', text: 'No newline at end of file' },
    ]);
    assert.deepEqual(diffLines(''), []);
  });
});

describe('a tool call', () => {
  it('is named by what it does', () => {
    assert.deepEqual(toolLabel({ name: 'fs_read', input: { path: 'src/a.ts' } }), {
      ...{ icon: 'file', verb: 'Read', target: 'src/a.ts', targetKind: 'code', path: 'src/a.ts' },
    });
    assert.equal(toolLabel({ name: 'bash_run', input: { cmd: 'npm test' } }).target, 'npm test');
    const edits = [{ path: 'a' }, { path: 'b' }, { path: 'a' }];
    assert.equal(toolLabel({ name: 'fs_multi_edit', input: { edits } }).target, '2 files');
    const renamed = toolLabel({ name: 'rename', input: { path: 'a.ts', name: 'one', new_name: 'two' } });
    assert.equal(`${renamed.verb} ${renamed.target}`, 'Rename one → two');
    assert.equal(toolLabel({ name: 'diagnostics', input: {} }).target, 'the workspace');
    assert.deepEqual(toolLabel({ name: 'constructor', input: null }), {
      icon: 'tool',
      verb: 'Use',
      target: 'constructor',
      targetKind: 'code',
    });
  });

  it('tells its exit code, whether it succeeded or not', () => {
    const ok = call('COMPLETED', { ok: true, data: { background: false, code: 0, output: 'x' } });
    assert.deepEqual(stateLabel({ ...ok, durationMs: 2340 }), {
      icon: 'check',
      word: 'Exit 0',
      detail: '2.3 s',
      tone: 'good',
    });
    const data = { background: false, code: 2, output: 'no' };
    const failed = call('FAILED', { ok: false, error: 'code 2', errorType: 'logical', retryable: false, data });
    assert.deepEqual(stateLabel(failed), { icon: 'error', word: 'Exit 2', tone: 'bad' });
    assert.equal(resultText(failed), 'no');
    assert.equal(failureText(failed), '');
  });

  it('of a change that brought problems is no success', () => {
    const problem = { path: 'a.ts', line: 1, severity: 'error', message: 'No.' };
    const edited = call('COMPLETED', { ok: true, data: { new_problems: [problem, problem] } });
    assert.deepEqual(stateLabel(edited), { icon: 'alert', word: '2 new problems', short: '2', tone: 'attention' });
  });

  it('of the sandbox is short where it holds, and says what it does not hold', () => {
    const found = {
      ...{ wroteInside: true, wroteOutside: false, wroteProtected: false, readSecret: false, reachedHost: false },
      ...{ reachedNameServer: false, reachedUnixSocket: false, output: '' },
    };
    const words = (more: Partial<typeof found>, hosts: readonly string[] = []) =>
      shortContainment(containmentOf({ ...found, ...more }, hosts, ''));
    assert.equal(words({}), 'changes only this workspace, reaches no host');
    assert.equal(
      words({}, ['a.example', 'b.example']),
      'changes only this workspace, reaches only a.example and b.example',
    );
    assert.equal(words({ readSecret: true, reachedHost: true }), 'can read secrets, reaches every host');
  });

  it('tells why it failed when no exit code does', () => {
    const failed = call('FAILED', { ok: false, error: 'No such file: x.', errorType: 'runtime', retryable: false });
    assert.equal(stateLabel(failed).word, 'Failed');
    assert.equal(failureText(failed), 'No such file: x.');
  });

  it('says that it was cut off, not that it failed', () => {
    const sealed = call('SEALED', { ok: false, error: 'Countersign ended.', errorType: 'aborted', retryable: false });
    assert.deepEqual(stateLabel(sealed), { icon: 'cut', word: 'Cut off', tone: 'bad' });
    assert.equal(failureText(sealed), 'Countersign ended.');
  });

  it('asks nothing any more once it was cut off', () => {
    const subject = { kind: 'command', command: 'x', cwd: '', background: false, reason: '' } as const;
    const approval: ApprovalView = { permissionId: permissionId(1), subject };
    const item = (state: ToolCallSnapshot['state']): TranscriptItem => ({
      ...{ key: 'tool', kind: 'tool', callId: asCallId('call_1'), call: call(state), output: '', approval },
    });
    assert.equal(openQuestion(item('APPROVAL_REQUIRED')), approval);
    assert.equal(openQuestion(item('SEALED')), undefined);
  });

  it('says whether a person or a rule refused it', () => {
    assert.equal(stateLabel(call('DENIED'), 'user').word, 'Rejected');
    assert.equal(stateLabel(call('DENIED'), 'policy').word, 'Not allowed');
  });

  it('lists what was found with its place', () => {
    const matches = [{ path: 'a.ts', line: 3, column: 1, preview: '  x' }, 'b.ts'];
    assert.equal(resultText(call('COMPLETED', { ok: true, data: { matches } })), 'a.ts:3: x\nb.ts');
  });
});

describe('what a screen reader is told', () => {
  it('ends at finished sentences', () => {
    assert.equal(finishedLength('One. Two is'), 4);
    assert.equal(finishedLength('Version 1.2 of'), 0);
    assert.equal(finishedLength('終わり。次'), 4);
  });

  it('is free of marks', () => {
    assert.equal(
      spokenText('## Why\n\n**See** [the file](a.ts) and `x`:\n```ts\ncode\n```\nend'),
      'Why See the file and x: Code block. end',
    );
  });
});
