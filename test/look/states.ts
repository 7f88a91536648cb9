import type { HostMessage } from '../../src/core/protocol/ops';
import type { Containment, RuleSubject } from '../../src/core/protocol/toolCalls';
import type { AppView, ModelView, SessionView } from '../../src/core/protocol/view';
import { attack, markdownAnswer, priceChange, testChange, testOutput } from './fixtures';
import { agentId, SessionScript } from './sessionScript';

const first = agentId('agt-first');
const second = agentId('agt-second');

export const vendorModel: ModelView = {
  ...{ vendor: 'anthropic', vendorLabel: 'Anthropic', model: 'claude-sonnet-4-5', label: 'Claude Sonnet 4.5' },
  ...{ efforts: ['low', 'medium', 'high', 'max'], effort: 'medium', demo: false },
};

export const held: Containment = {
  level: 'os',
  files: 'It can change files of the workspace only, not those that other programs execute; it cannot read secrets.',
  network: 'It can reach no host.',
  ...{ reason: '', fix: '' },
};

export function snapshot(session: SessionView | undefined, app: Partial<AppView> = {}): HostMessage {
  const summary = session && {
    ...{ sessionId: session.sessionId, title: session.title, state: session.state },
    openApprovals: session.items.filter((item) => item.kind === 'tool' && item.approval && !item.approval.decision)
      .length,
  };
  return {
    type: 'snapshot',
    app: {
      sessions: summary ? [summary] : [],
      ...(session && { activeSessionId: session.sessionId }),
      model: vendorModel,
      workspace: { folders: ['shop'], trusted: true },
      containment: held,
      instructions: ['AGENTS.md'],
      mode: 'ask',
      pending: [],
      demoWorkspace: false,
      ...app,
    },
    ...(session && { session }),
  };
}

export function withoutModel(app: Partial<AppView>): HostMessage {
  const message = snapshot(undefined, { instructions: [], ...app });
  if (message.type !== 'snapshot') throw new Error('A snapshot was expected.');
  const { model: _model, ...rest } = message.app;
  return { ...message, app: rest };
}

const found = [
  {
    path: 'src/price/parsePrice.ts',
    line: 11,
    column: 17,
    preview: 'export function parsePrice(text: string): number {',
  },
  { path: 'src/cart/total.ts', line: 4, column: 10, preview: "import { parsePrice } from '../price/parsePrice';" },
  { path: 'src/cart/total.ts', line: 42, column: 12, preview: '  return parsePrice(discount);' },
  { path: 'src/cart/index.ts', line: 3, column: 10, preview: "export { parsePrice } from '../price/parsePrice';" },
];

export const begun = () =>
  new SessionScript(first).user('Discounts are charged instead of given. Find out why and fix it.');

export function investigated(): SessionScript {
  const script = begun().think(
    'The user says discounts are charged. I should find where prices are parsed.\n\nLet me look at the tests first.',
  );
  script.answer('I will look at the tests and at how prices are parsed.');
  script.completed(script.call('fs_grep', { pattern: 'parsePrice', path: 'src' }), { ok: true, matches: found });
  script.completed(script.call('fs_read', { path: 'src/price/parsePrice.ts' }), { totalLines: 42, content: 'x' });
  return script.usage(12_400, 860, 8_100, 0.031).context(13_260);
}

export const testRule: RuleSubject = {
  ...{ kind: 'command', text: 'npm test -- --grep "parsePrice"', cwd: 'shop', bound: 'sha256-1' },
  boundTo: 'the script test of package.json',
};

function commandAsked(): SessionScript {
  const script = investigated();
  return script.asks(script.call('bash_run', { cmd: 'npm test -- --grep "parsePrice"' }), {
    ...{ kind: 'command', command: 'npm test -- --grep "parsePrice"', cwd: 'shop', background: false },
    containment: held,
    reason: 'It runs the script test of package.json.',
    why: ['It runs the script test of package.json.', 'It runs code of this workspace.'],
    remember: [testRule],
  });
}

function editAsked(): SessionScript {
  const script = investigated();
  return script.asks(script.call('fs_multi_edit', { edits: [{ path: priceChange.path }, { path: testChange.path }] }), {
    ...{ kind: 'edit', files: [priceChange, testChange], reason: '' },
  });
}

function commandRun(finished: boolean): SessionScript {
  const script = investigated();
  const call = script.call('bash_run', { cmd: 'npm test' });
  script.running(call, testOutput);
  return finished ? script.ended(call, 1, testOutput) : script;
}

export function editDone(): SessionScript {
  const script = investigated();
  const call = script.call('fs_edit', { path: priceChange.path });
  script.asks(call, { kind: 'edit', files: [priceChange], reason: '' }).decided(call, 'allow');
  script.completed(call, { ok: true, path: priceChange.path, replacements: 1 });
  const run = script.call('bash_run', { cmd: 'npm test' });
  script.asks(run, { kind: 'command', command: 'npm test', cwd: 'shop', background: false, reason: '' }, 2);
  script.decided(run, 'allow', undefined, 2).running(run, testOutput);
  script.completed(run, { background: false, code: 0, output: testOutput }, 1840);
  return script
    .answer('Fixed: `parsePrice` keeps the sign now, and all 5 tests pass. Discounts written as `(3)` work too.')
    .usage(21_000, 1_900, 16_000, 0.05)
    .done();
}

function rejected(): SessionScript {
  const script = investigated();
  const call = script.call('bash_run', { cmd: 'git push --force origin main' });
  script.asks(call, {
    ...{ kind: 'command', command: 'git push --force origin main', cwd: 'shop', background: false, reason: '' },
  });
  return script
    .decided(call, 'deny', 'Never force-push. Open a branch instead.')
    .answer('Understood. I will commit on a branch `fix/discount-sign` and leave `main` alone.')
    .done();
}

export function failedTurn(code: string, message: string, advice: string): SessionScript {
  return begun().done('failed', { code, message, advice, retryable: code === 'network' });
}

function longSession(items: number): SessionScript {
  const script = new SessionScript(first);
  for (let turn = 0; script.view.items.length < items; turn++) {
    script.user(`Question ${turn}: where is the price of article ${turn} read?`);
    script.completed(script.call('fs_read', { path: `src/articles/article${turn}.ts` }), { totalLines: 12 });
    script.answer(turn % 5 === 0 ? markdownAnswer : `In \`article${turn}.ts\`, line ${turn % 90}.`).done();
  }
  return script.usage(1_240_000, 88_000, 990_000);
}

function withTodos(): SessionScript {
  return investigated()
    .todos(
      ['completed', 'Find where prices are parsed'],
      ['in_progress', 'Keep the sign in parsePrice and in everything that calls it'],
      ['pending', 'Write a test for negative prices'],
      ['pending', 'Run all tests'],
    )
    .streaming('Now I change `parsePrice`');
}

function hostile(): SessionScript {
  const script = new SessionScript(first).user(attack).answer(`${attack}\n\n\`\`\`html\n${attack}\n\`\`\`\n\nend`);
  script.running(script.call('bash_run', { cmd: `echo '${attack}'` }), attack);
  const path = 'src/<img src=x onerror="window.pwned=10">\u202Egnp.ts';
  script.completed(script.call('fs_read', { path }), { content: attack });
  const call = script.call('bash_run', { cmd: 'ls' });
  return script.asks(call, {
    ...{ kind: 'command', command: `ls \u202E# oot\u200B ${attack}`, cwd: attack, background: false, reason: attack },
  });
}

function twoSessions(): HostMessage {
  const script = begun().streaming('I am reading the tests');
  return snapshot(script.view, {
    sessions: [
      { sessionId: first, title: script.view.title, state: 'WORKING', openApprovals: 0 },
      { sessionId: second, title: 'Update the dependencies and run the tests', state: 'PAUSED', openApprovals: 1 },
      { sessionId: agentId('agt-third'), title: 'Explain the build', state: 'READY', openApprovals: 0 },
    ],
  });
}

const retried = () =>
  begun().event({
    ...{ channel: 'monitor', type: 'model_retry', attempt: 1, delayMs: 8000 },
    error: { code: 'rate_limit', message: 'The model is busy (429).', advice: '', retryable: true },
  });

/** Each state that must look right, by the name of its screenshot. */
export const states: Readonly<Record<string, () => HostMessage>> = {
  firstRun: () => withoutModel({}),
  noWorkspace: () => withoutModel({ workspace: { folders: [], trusted: true } }),
  untrusted: () => withoutModel({ workspace: { folders: ['shop'], trusted: false } }),
  empty: () => snapshot(new SessionScript(first).view),
  streaming: () => snapshot(begun().streaming(markdownAnswer).view),
  commandRunning: () => snapshot(commandRun(false).view),
  commandFailed: () => snapshot(commandRun(true).view),
  approveCommand: () => snapshot(commandAsked().view),
  approveEdit: () => snapshot(editAsked().view),
  editDone: () => snapshot(editDone().view),
  rejected: () => snapshot(rejected().view),
  wrongKey: () =>
    snapshot(
      failedTurn(
        'authentication',
        'Anthropic refused the API key (401).',
        'Set a valid key, then send your message again.',
      ).view,
    ),
  unreachable: () =>
    snapshot(
      failedTurn(
        'network',
        'http://localhost:11434 does not answer.',
        'Start the model server or correct its address in the settings.',
      ).view,
    ),
  retry: () => snapshot(retried().view),
  interrupted: () => snapshot(begun().streaming('I will look at the').done('interrupted').view),
  long: () => snapshot(longSession(5000).view),
  todos: () => snapshot(withTodos().view),
  twoSessions,
  demo: () =>
    snapshot(editDone().view, {
      model: { vendor: 'demo', model: 'demo', demo: true },
      demoWorkspace: true,
      instructions: [],
    }),
  hostile: () => snapshot(hostile().view),
};
