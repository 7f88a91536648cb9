import type { FinishReason, ModelChunk } from '../model/provider';
import type { AgentEvent } from '../protocol/events';
import { asCallId, newCallId, type CallId } from '../protocol/ids';
import type { ContentBlock, ToolUseBlock } from '../protocol/messages';
import type { TokenUsage } from '../protocol/usage';
import { assertNever } from '../util/assertNever';
import type { JsonObject, JsonValue } from '../util/json';

export interface AnswerPorts {
  readonly step: number;
  readonly vendor: string;
  readonly exposeThinking: boolean;
  /** Whether the id stands in this session already: then the call gets one of ours. */
  readonly isCallIdTaken: (id: CallId) => Promise<boolean>;
  /** Shows an event; nobody waits until it is stored. */
  readonly soon: (event: AgentEvent) => void;
}

/** A call as the model asked for it. `problem`: why its arguments cannot be used. */
export interface RequestedCall {
  readonly block: ToolUseBlock;
  readonly problem?: string;
}

/** Gathers one model answer from its stream and shows it while it comes. What is here after a failure is the partial answer. */
export class Answer {
  readonly #ports: AnswerPorts;
  readonly #blocks: ContentBlock[] = [];
  readonly #calls: RequestedCall[] = [];
  #open: { readonly kind: 'text' | 'reasoning'; text: string } | undefined;
  /** Characters of arguments that came in pieces, by call, until the call is whole. */
  readonly #pieces = new Map<string, number>();
  #streamed = 0;
  #hasShown = false;
  usage: Omit<TokenUsage, 'cost'> | undefined;
  finish: FinishReason | undefined;

  constructor(ports: AnswerPorts) {
    this.#ports = ports;
  }

  get calls(): readonly RequestedCall[] {
    return this.#calls;
  }

  get blocks(): readonly ContentBlock[] {
    return this.#blocks;
  }

  /** The text so far, without thinking and calls: what is kept of an answer that broke off. */
  get partialBlocks(): readonly ContentBlock[] {
    return this.#blocks.filter((block) => block.type === 'text' && block.text.length > 0);
  }

  /** Characters of text, thinking and arguments that have come, also of calls that are not whole. */
  get streamedCharacters(): number {
    return this.#streamed;
  }

  /** Whether something came that a repeated request would bring twice: text, thinking, or the start of a call. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  async take(chunk: ModelChunk): Promise<void> {
    switch (chunk.type) {
      case 'text':
        this.#extend('text', chunk.delta);
        return;
      case 'reasoning':
        this.#extend('reasoning', chunk.delta);
        return;
      case 'reasoning_end':
        this.#close(chunk.data);
        return;
      case 'tool_call_start':
        this.#hasShown = true;
        this.#close();
        return;
      case 'tool_call_delta':
        // The card appears with the whole call; half of an argument is not shown.
        this.#pieces.set(chunk.id, (this.#pieces.get(chunk.id) ?? 0) + chunk.delta.length);
        this.#count(chunk.delta.length);
        return;
      case 'tool_call':
        this.#count(chunk.input.length - (this.#pieces.get(chunk.id) ?? 0));
        this.#pieces.delete(chunk.id);
        this.#close();
        await this.#addCall(chunk);
        return;
      case 'usage':
        this.usage = chunk.usage;
        return;
      case 'finish':
        this.finish = chunk.reason;
        return;
      default:
        assertNever(chunk);
    }
  }

  /** Ends the open block; to be called when the stream has ended, whichever way. */
  end(): void {
    this.#close();
  }

  #count(characters: number): void {
    this.#hasShown = true;
    this.#streamed += Math.max(0, characters);
  }

  #extend(kind: 'text' | 'reasoning', delta: string): void {
    if (delta.length === 0) return;
    this.#count(delta.length);
    if (this.#open?.kind !== kind) {
      this.#close();
      this.#open = { kind, text: '' };
      const type = kind === 'text' ? 'text_chunk_start' : 'think_chunk_start';
      this.#show(kind, { channel: 'progress', type, step: this.#ports.step });
    }
    this.#open.text += delta;
    const type = kind === 'text' ? 'text_chunk' : 'think_chunk';
    this.#show(kind, { channel: 'progress', type, step: this.#ports.step, delta });
  }

  #close(data?: JsonObject): void {
    const open = this.#open;
    this.#open = undefined;
    const { step } = this.#ports;
    const meta = data && { vendor: this.#ports.vendor, data };
    if (open?.kind === 'text') {
      this.#blocks.push({ type: 'text', text: open.text });
      this.#show('text', { channel: 'progress', type: 'text_chunk_end', step, text: open.text });
    }
    if (open?.kind === 'reasoning') {
      this.#blocks.push({ type: 'reasoning', reasoning: open.text, ...(meta && { meta }) });
      this.#show('reasoning', { channel: 'progress', type: 'think_chunk_end', step });
    } else if (meta) {
      // Some models sign thinking that they keep to themselves: the signature alone must go back.
      this.#blocks.push({ type: 'reasoning', reasoning: '', meta });
    }
  }

  #show(kind: 'text' | 'reasoning', event: AgentEvent): void {
    if (kind === 'text' || this.#ports.exposeThinking) this.#ports.soon(event);
  }

  async #addCall(chunk: Extract<ModelChunk, { readonly type: 'tool_call' }>): Promise<void> {
    const wanted = asCallId(chunk.id);
    const taken =
      chunk.id === '' ||
      this.#calls.some((call) => call.block.id === wanted) ||
      (await this.#ports.isCallIdTaken(wanted));
    const parsed = parseArguments(chunk.input);
    const block: ToolUseBlock = {
      type: 'tool_use',
      id: taken ? newCallId() : wanted,
      name: chunk.name,
      input: parsed.input,
      ...(chunk.data && { meta: { vendor: this.#ports.vendor, data: chunk.data } }),
    };
    this.#blocks.push(block);
    this.#calls.push(parsed.problem === undefined ? { block } : { block, problem: parsed.problem });
  }
}

/** Some models send nothing for "no arguments". What is not JSON is kept out of the history, which every vendor must be able to read. */
function parseArguments(text: string): { readonly input: JsonValue; readonly problem?: string } {
  if (text.trim() === '') return { input: {} };
  try {
    return { input: JSON.parse(text) as JsonValue };
  } catch (error) {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    return { input: {}, problem: `The arguments are not valid JSON (${String(error)}): ${shown}` };
  }
}
