// The sandbox's own process. It keeps the proxies and answers calls; the commands are started by whoever asked. A process of
// its own, because the package decides by the process's working folder and variables, and listens to its signals.
import { homedir } from 'node:os';
import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { SandboxManager } from '@anthropic-ai/sandbox-runtime';
import { hostPathRules, isInside } from '../../lexicalPath';
import { heldAtTop } from './heldNames';
import { findHeldPaths, firstMissing, type HeldPaths } from './heldPaths';
import { NameScan } from './nameScan';
import { type Before, lookBefore, tellMade } from './tellMade';
import type {
  MissingPath,
  RuntimeAnswer,
  RuntimeCall,
  RuntimeQuestion,
  RuntimeSettings,
  Violation,
  WrappedCommand,
} from './runtimeMessages';
import { violationOf } from './violations';
import { errorText } from '../../../core/util/errorText';

type Answer = RuntimeAnswer extends infer Each ? (Each extends RuntimeAnswer ? Omit<Each, 'id'> : never) : never;

class SandboxRuntime {
  #settings: RuntimeSettings | undefined;
  readonly #scan = new NameScan();
  /** What there was when each command began. */
  readonly #before = new Map<string, Before>();
  /** What has stood in for missing files: commands could not make these. */
  readonly #standIns = new Set<string>();

  async answer(call: RuntimeCall): Promise<Answer> {
    switch (call.kind) {
      case 'open':
        this.#settings = { ...call.settings, roots: call.settings.roots.map((root) => realpathSync(root)) };
        await SandboxManager.initialize(this.#config(this.#findHeld(), [], [], []), undefined, true);
        await SandboxManager.waitForNetworkInitialization();
        return { kind: 'opened' };
      case 'look':
        return { kind: 'missing', missing: process.platform === 'linux' ? this.#missing(call.standIns) : [] };
      case 'wrap':
        return { kind: 'wrapped', wrapped: await this.#wrap(call.request) };
      case 'done': {
        SandboxManager.unregisterCommandNetworkLists(call.key);
        SandboxManager.cleanupAfterCommand();
        await readWhatArrived();
        const key = Buffer.from(call.key).toString('base64');
        const lines = SandboxManager.getSandboxViolationStore()
          .getViolations()
          .filter(({ encodedCommand }) => encodedCommand === key)
          .map(({ line }) => line);
        const refused = [...new Set(lines)].flatMap((line) => violationOf(line) ?? []);
        return { kind: 'refusals', violations: [...this.#lookAfter(call.key), ...refused] };
      }
    }
  }

  async #wrap(request: Extract<RuntimeCall, { kind: 'wrap' }>['request']): Promise<WrappedCommand> {
    const { key, shell, allowedHosts, standIns, extra = { protect: [], hide: [] } } = request;
    const held = this.#findHeld();
    for (const file of standIns) this.#standIns.add(file);
    const { filesystem } = this.#config(held, extra.protect, extra.hide, standIns);
    SandboxManager.registerCommandNetworkLists(key, {
      allowedDomains: allowedHosts.filter((host) => isHost(key, host)),
    });
    try {
      const command = await SandboxManager.wrapWithSandbox(request.command, shell, { filesystem }, undefined, {
        commandId: key,
      });
      this.#before.set(key, lookBefore(held));
      const { gap } = held;
      return { command, ignored: this.#ignored([...held.hide, ...standIns]), ...(gap !== undefined && { gap }) };
    } catch (error) {
      SandboxManager.unregisterCommandNetworkLists(key);
      throw error;
    }
  }

  #lookAfter(key: string): readonly Violation[] {
    const before = this.#before.get(key);
    this.#before.delete(key);
    if (before === undefined) return [];
    const { roots, temporary } = this.#opened();
    const now = this.#findHeld();
    const named = now.named.filter((file) => !this.#standIns.has(file));
    const sentences = tellMade(before, { ...now, named }, [...roots, temporary, ...now.alsoWritable]);
    return sentences.map((sentence) => ({ kind: 'made', sentence }));
  }

  #config(held: HeldPaths, protect: readonly string[], hide: readonly string[], standIns: readonly string[]) {
    const { roots, temporary, hidden, seccomp } = this.#opened();
    return {
      network: { allowedDomains: [], deniedDomains: [] },
      filesystem: {
        denyRead: [...held.hide, ...hidden, ...hide],
        allowRead: [],
        allowWrite: [...roots, ...held.alsoWritable, temporary],
        // A stand-in is held as a whole.
        denyWrite: [
          ...held.protect.filter((file) => !standIns.some((each) => isBelow(each, file))),
          ...standIns,
          ...protect,
        ],
      },
      // What it would look for below its working folder, which is empty.
      ripgrep: { command: process.platform === 'linux' ? '/bin/true' : 'true' },
      ...(seccomp !== undefined && { seccomp: { applyPath: seccomp } }),
    };
  }

  #missing(standIns: readonly string[]): readonly MissingPath[] {
    const { roots } = this.#opened();
    const { protect } = this.#findHeld();
    const isHeldWhole = (file: string): boolean => standIns.some((standIn) => isBelow(standIn, file));
    const missing = new Set(protect.filter((file) => !isHeldWhole(file)).flatMap((file) => firstMissing(file, roots)));
    const all = [...protect, ...roots.flatMap((root) => heldAtTop.map((name) => path.join(root, name)))];
    return [...missing].map((folder) => ({
      path: folder,
      isFolder: all.some((file) => file !== folder && isBelow(folder, file)),
    }));
  }

  #ignored(files: readonly string[]): readonly string[] {
    const { roots } = this.#opened();
    return files.flatMap((file) => {
      const root = roots.find((each) => isBelow(each, file));
      // A pattern: what is special in one is taken by its letter.
      return root === undefined ? [] : [`/${path.relative(root, file).replace(/[\\*?[\] ]/g, '\\$&')}`];
    });
  }

  /** Looked for before and after each command: what is taken for granted would be open. */
  #findHeld(): HeldPaths {
    return findHeldPaths(this.#opened().roots, homedir(), this.#scan);
  }

  #opened(): RuntimeSettings {
    if (this.#settings === undefined) throw new Error('The sandbox is not open yet.');
    return this.#settings;
  }
}

/**
 * The records of a command come over a socket of their own. All of them are written when the command has ended, but this
 * process may hear of its end first: taking the connection, reading it and cutting it into lines are a round each.
 */
async function readWhatArrived(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

function isBelow(folder: string, file: string): boolean {
  return isInside(folder, file, hostPathRules, false);
}

/** One that is no host name opens nothing, and does not keep the others from being allowed. */
function isHost(key: string, host: string): boolean {
  try {
    SandboxManager.registerCommandNetworkLists(key, { allowedDomains: [host] });
    return true;
  } catch {
    return false;
  }
}

const runtime = new SandboxRuntime();

function send(answer: RuntimeAnswer): void {
  // Whoever asked may be gone in the meantime.
  if (process.connected) process.send?.(answer);
}

process.on('message', (question: RuntimeQuestion) => {
  runtime.answer(question.call).then(
    (answer) => send({ id: question.id, ...answer }),
    (error: unknown) => send({ id: question.id, kind: 'failed', message: errorText(error) }),
  );
});
process.on('disconnect', () => {
  void SandboxManager.reset().finally(() => process.exit(0));
});
