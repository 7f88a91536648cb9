import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../src/core/agent/agent';
import { scriptedModel } from '../../src/core/model/scripted';
import type { MessageId } from '../../src/core/protocol/ids';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView } from '../../src/core/protocol/view';
import { buildChildProgram, type ChildProgram } from '../support/childProgram';
import { randomOf, seed } from '../support/random';
import { forEachSeed, isLong, trials } from '../support/share';
import { useTempFolder } from '../support/tempFolder';
import { filesAfter, filesBefore, restoreDependencies } from './programs/restoreSetup';

const files = { files: true, conversation: false };
const mode = 0o750;

describe(`A process killed in the middle of a restore (COUNTERSIGN_SEED=${seed})`, function () {
  this.timeout(120_000);
  const temp = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/torture/programs/restore.ts');
  });
  after(() => program.remove());

  interface Remains {
    readonly folder: string;
    readonly messageId: MessageId;
    readonly restored: boolean;
    readonly killed: boolean;
  }

  /** A restore that dies before a call of its own, or some milliseconds after it has begun. */
  async function killed(
    name: string,
    when: { readonly call: number } | { readonly afterMs: number },
  ): Promise<Remains> {
    const folder = path.join(temp.path, name);
    for (const [file, text] of Object.entries(filesBefore)) {
      const place = path.join(folder, 'workspace', file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
    }
    chmodSync(path.join(folder, 'workspace', 'mixed.txt'), mode);
    const child = program.start([folder, 'call' in when ? String(when.call) : '']);
    const ended = once(child, 'close');
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await Promise.race([once(child.stdout, 'data'), ended]);
    if ('afterMs' in when) {
      await sleep(when.afterMs);
      child.kill('SIGKILL');
    }
    await ended;
    const [messageId = '', restored] = output.split('\n');
    assert.match(messageId, /^msg/);
    const done = { folder, messageId: messageId as MessageId };
    return { ...done, restored: restored === 'restored', killed: child.signalCode === 'SIGKILL' };
  }

  /** Another process comes: it sees that the restore was cut off, loses nothing, and takes nothing for somebody else's change. */
  async function goOn({ folder, messageId }: Remains, how: 'finish' | 'undo'): Promise<void> {
    const deps = restoreDependencies(folder);
    const agent = await Agent.resume('restoring', { model: scriptedModel([]) }, deps);
    try {
      const { checkpoints } = agent;
      const begun = await checkpoints.lastRestore();
      if (begun?.state === 'started') assert.equal(await shownState(agent), 'cutOff');
      const preview = await checkpoints.previewRestore(messageId);
      assert.deepEqual(
        preview.files.filter(({ foreign, missing }) => foreign || missing),
        [],
      );
      if (how === 'finish') {
        if (preview.files.length > 0) await checkpoints.restore(messageId, files);
        assertHolds(folder, filesBefore);
        // Restore over restore: each is undone in its turn.
        while (await checkpoints.lastRestore()) await checkpoints.undoRestore();
      } else if (begun) await checkpoints.undoRestore();
      assertHolds(folder, filesAfter);
    } finally {
      await agent[Symbol.asyncDispose]();
    }
  }

  it('before any of its steps: another process can finish it or undo it, byte for byte', async () => {
    const random = randomOf(seed);
    const states = new Set<string>();
    let ends = 0;
    // Until one comes to its end alive: then no step was left out.
    for (let call = 1; ends === 0; call++) {
      const hows = isLong ? (['finish', 'undo'] as const) : [random.pick(['finish', 'undo'] as const)];
      for (const how of hows) {
        const remains = await killed(`${how}-${call}`, { call });
        if (!remains.killed) ends = call;
        states.add(JSON.stringify(holds(remains.folder)));
        await goOn(remains, how);
      }
    }
    assert.ok(ends > 6, `it has only ${ends} steps`);
    assert.ok(states.size >= 7, `it was only found in ${states.size} states`);
  });

  it('at random instants: the same', async () => {
    await forEachSeed(trials(4, 100), async (own) => {
      const random = randomOf(own);
      const remains = await killed(`at-${own}`, { afterMs: random.below(120) });
      if (remains.restored) assertHolds(remains.folder, filesBefore);
      await goOn(remains, random.pick(['finish', 'undo'] as const));
    });
  });
});

async function shownState(agent: Agent): Promise<string | undefined> {
  const { cursor } = agent.status();
  let view = emptySessionView(agent.agentId);
  for await (const envelope of agent.subscribe(undefined, { since: { seq: 0, timestamp: 0 } })) {
    view = reduce(view, envelope);
    if (envelope.bookmark.seq >= cursor) break;
  }
  const item = view.items.findLast((one) => one.kind === 'restore');
  return item?.state;
}

/** What stands in the workspace, but for what a killed process could not clear away. */
function holds(folder: string): Readonly<Record<string, string>> {
  const workspace = path.join(folder, 'workspace');
  const found = readdirSync(workspace, { recursive: true, withFileTypes: true });
  const names = found.filter((one) => one.isFile() && !one.name.endsWith('.tmp'));
  return Object.fromEntries(
    names
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .map((file): [string, string] => [
        path.relative(workspace, file).replaceAll(path.sep, '/'),
        readFileSync(file, 'utf8'),
      ])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function assertHolds(folder: string, expected: Readonly<Record<string, string>>): void {
  assert.deepEqual({ ...holds(folder) }, { ...expected });
  if (process.platform !== 'win32')
    assert.equal(statSync(path.join(folder, 'workspace', 'mixed.txt')).mode & 0o777, mode);
}
