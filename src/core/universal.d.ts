/**
 * The web-standard globals that the core may use: they exist in Node, in browsers and in workers alike.
 * Only tsconfig.core.json sees this file; the other layers bring the full types of their platform.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare const AbortSignal: {
  any(signals: Iterable<AbortSignal>): AbortSignal;
  abort(reason?: unknown): AbortSignal;
};
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: new () => AbortController;
interface Crypto {
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
  getRandomValues<T extends Uint8Array>(array: T): T;
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> };
}
declare const crypto: Crypto;
interface TextEncoder {
  encode(text?: string): Uint8Array;
}
declare const TextEncoder: new () => TextEncoder;
declare function setTimeout(callback: () => void, ms?: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const performance: { now(): number };
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare const console: { error(text: string): void };
