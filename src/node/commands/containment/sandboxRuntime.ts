// The sandbox's own process. It keeps the proxies and answers calls; the commands are started by whoever asked. A process of
// its own, because the package decides by the process's working folder and variables, and listens to its signals.
import { homedir } from 'node:os';
import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { SandboxManager } from '@anthropic-ai/sandbox-runtime';
import { heldAtTop } from './heldNames';
import { findHeldPaths, firstMissing, type HeldPaths, isInside, isThere } from './heldPaths';
import type {
  MissingPath,
  RuntimeAnswer,
  RuntimeCall,
  RuntimeQuestion,
  RuntimeSettings,
  WrappedCommand,
} from './runtimeMessages';
import { violationOf } from './violations';

/** What was found is taken for granted this many times as long as finding it took, and for 30 s at most: looking takes a tenth of the time. */
const ageFactor = 10;
const maxAgeMs = 30_000;

type Answer = RuntimeAnswer extends infer Each ? (Each extends RuntimeAnswer ? Omit<Each, 'id'> : never) : never;

class SandboxRuntime {
  #settings: RuntimeSettings | undefined;
  #held: { readonly paths: HeldPaths; readonly untilMs: number } | undefined;

  async answer(call: RuntimeCall): Promise<Answer> {
    switch (call.kind) {
      case 'open':
        this.#settings = { ...call.settings, roots: call.settings.roots.map((root) => realpathSync(root)) };
        await SandboxManager.initialize(this.#config([], [], []), undefined, true);
        await SandboxManager.waitForNetworkInitialization();
        return { kind: 'opened' };
      case 'look':
        return { kind: 'missing', missing: process.platform === 'linux' ? this.#missing(call.standIns) : [] };
      case 'wrap':
        return { kind: 'wrapped', wrapped: await this.#wrap(call.request) };
      case 'done': {
        SandboxManager.unregisterCommandNetworkLists(call.key);
        SandboxManager.cleanupAfterCommand();
        const key = Buffer.from(call.key).toString('base64');
        const lines = SandboxManager.getSandboxViolationStore()
          .getViolations()
          .filter(({ encodedCommand }) => encodedCommand === key)
          .map(({ line }) => line);
        return { kind: 'refusals', violations: [...new Set(lines)].flatMap((line) => violationOf(line) ?? []) };
      }
    }
  }

  async #wrap(request: Extract<RuntimeCall, { kind: 'wrap' }>['request']): Promise<WrappedCommand> {
    const { key, shell, allowedHosts, standIns, extra = { protect: [], hide: [] } } = request;
    const { filesystem } = this.#config(extra.protect, extra.hide, standIns);
    SandboxManager.registerCommandNetworkLists(key, {
      allowedDomains: allowedHosts.filter((host) => isHost(key, host)),
    });
    try {
      const command = await SandboxManager.wrapWithSandbox(request.command, shell, { filesystem }, undefined, {
        commandId: key,
      });
      return { command, ignored: this.#ignored([...this.#findHeld().hide, ...standIns]) };
    } catch (error) {
      SandboxManager.unregisterCommandNetworkLists(key);
      throw error;
    }
  }

  #config(protect: readonly string[], hide: readonly string[], standIns: readonly string[]) {
    const { roots, temporary, hidden, seccomp } = this.#opened();
    const held = this.#findHeld();
    return {
      network: { allowedDomains: [], deniedDomains: [] },
      filesystem: {
        denyRead: [...held.hide, ...hidden, ...hide],
        allowRead: [],
        allowWrite: [...roots, ...held.alsoWritable, temporary],
        // A stand-in is held as a whole.
        denyWrite: [
          ...held.protect.filter((file) => !standIns.some((each) => isInside(file, each))),
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
    const isOthers = (file: string): boolean => isThere(file) && !standIns.includes(file);
    // Somebody has made it in the meantime: it has to be looked into.
    if (this.#findHeld().absent.some(isOthers)) this.#held = undefined;
    const { roots } = this.#opened();
    const { protect } = this.#findHeld();
    const isHeldWhole = (file: string): boolean => standIns.some((standIn) => isInside(file, standIn));
    // As it is now: what was found may be older.
    const missing = new Set(protect.filter((file) => !isHeldWhole(file)).flatMap((file) => firstMissing(file, roots)));
    const all = [...protect, ...roots.flatMap((root) => heldAtTop.map((name) => path.join(root, name)))];
    return [...missing].map((folder) => ({
      path: folder,
      isFolder: all.some((file) => file !== folder && isInside(file, folder)),
    }));
  }

  #ignored(files: readonly string[]): readonly string[] {
    const { roots } = this.#opened();
    return files.flatMap((file) => {
      const root = roots.find((each) => isInside(file, each));
      // A pattern: what is special in one is taken by its letter.
      return root === undefined ? [] : [`/${path.relative(root, file).replace(/[\\*?[\] ]/g, '\\$&')}`];
    });
  }

  #findHeld(): HeldPaths {
    const start = performance.now();
    if (this.#held !== undefined && start < this.#held.untilMs) return this.#held.paths;
    const paths = findHeldPaths(this.#opened().roots, homedir());
    const end = performance.now();
    this.#held = { paths, untilMs: end + Math.min(maxAgeMs, ageFactor * (end - start)) };
    return paths;
  }

  #opened(): RuntimeSettings {
    if (this.#settings === undefined) throw new Error('The sandbox is not open yet.');
    return this.#settings;
  }
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
    (error: unknown) =>
      send({ id: question.id, kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => {
  void SandboxManager.reset().finally(() => process.exit(0));
});
