import * as vscode from 'vscode';
import type { KeepAlive, ModelChunk, ModelProvider, ModelRequest } from '../../core/model/provider';
import { estimateFixed, estimateMessages, estimateTokens } from '../../core/model/tokens';
import type { ModelChoice, ModelRow } from '../../core/protocol/models';
import { isJsonObject } from '../../core/util/json';
import { editorModelError, editorModelNotFound } from './editorErrors';
import { toEditorMessages, toEditorTools } from './editorPrompt';
import { editorVendor } from './editorVendor';

/** Kept for the answer: that API says how much goes in, and nothing of what may come out. */
const answerTokens = 8_192;
/** Assumed until VS Code was asked, which happens with the first request. */
const unknownInputTokens = 64_000;

/** The models that extensions bring into VS Code. To be asked only when the user wants to see them. */
export async function editorModels(): Promise<readonly ModelRow[]> {
  const models = await vscode.lm.selectChatModels();
  return models.map((model) => ({
    ...{ vendor: editorVendor.id, model: nameOf(model), label: labelOf(model) },
    windowTokens: model.maxInputTokens + answerTokens,
    images: takesImages(model),
    efforts: [],
  }));
}

/**
 * One of VS Code's own models. It is looked up with each request, so only from what the user does, and VS Code asks the user
 * whether it may be used. That API has no sign for the end of an answer: a stream that ends by itself is complete, one
 * that fails is not. It counts no tokens: they are estimated.
 * @param choice its model is `vendor/id` as VS Code knows them, for example `copilot/gpt-5`
 */
export function editorModel(choice: ModelChoice): ModelProvider {
  const facts = { inputTokens: unknownInputTokens, images: true };
  return {
    ...{ vendor: editorVendor.id, model: choice.model, choice },
    get capabilities() {
      return {
        ...{ system: false, tools: true, parallelToolCalls: true, images: facts.images, pdf: false },
        ...{ thinking: false, usage: 'estimated' as const },
      };
    },
    get maxWindowSize() {
      return facts.inputTokens + answerTokens;
    },
    maxOutputTokens: answerTokens,
    async *stream(request, signal) {
      signal.throwIfAborted();
      const cancel = new vscode.CancellationTokenSource();
      const aborted = abortOf(signal, () => cancel.cancel());
      try {
        const model = await Promise.race([findModel(choice.model), aborted.promise]);
        facts.inputTokens = model.maxInputTokens;
        facts.images = takesImages(model);
        yield* answer(model, request, cancel.token, aborted.promise);
      } catch (error) {
        signal.throwIfAborted();
        throw editorModelError(error, choice.model);
      } finally {
        aborted.dispose();
        cancel.cancel(); // Leaving the loop early ends the request too.
        cancel.dispose();
      }
    },
  };
}

async function* answer(
  model: vscode.LanguageModelChat,
  request: ModelRequest,
  token: vscode.CancellationToken,
  aborted: Promise<never>,
): AsyncGenerator<ModelChunk | KeepAlive, void, undefined> {
  const tools = toEditorTools(request);
  const options: vscode.LanguageModelChatRequestOptions = {
    justification: 'Countersign answers your message with this model.',
    ...(tools.length > 0 && { tools }),
  };
  const messages = toEditorMessages(request, takesImages(model));
  const response = await Promise.race([model.sendRequest(messages, options, token), aborted]);
  const parts = response.stream[Symbol.asyncIterator]();
  let outputTokens = 0;
  let calls = 0;
  for (;;) {
    const next = await Promise.race([parts.next(), aborted]);
    if (next.done === true) break;
    for (const chunk of toChunks(next.value)) {
      if (chunk.type === 'text') outputTokens += estimateTokens(chunk.delta);
      if (chunk.type === 'tool_call') outputTokens += estimateTokens(chunk.name + chunk.input);
      if (chunk.type === 'tool_call') calls++;
      yield chunk;
    }
  }
  const inputTokens = estimateFixed(request.system, request.tools) + estimateMessages(request.messages);
  const totalTokens = inputTokens + outputTokens;
  yield { type: 'usage', usage: { inputTokens, outputTokens, totalTokens, cacheReadTokens: 0, cacheWriteTokens: 0 } };
  yield { type: 'finish', reason: calls > 0 ? 'tool_calls' : 'stop' };
}

/** Calls come whole. Thinking and whatever else may come is only a sign of life. */
function toChunks(part: unknown): readonly (ModelChunk | KeepAlive)[] {
  if (part instanceof vscode.LanguageModelTextPart) return [{ type: 'text', delta: part.value }];
  if (!(part instanceof vscode.LanguageModelToolCallPart)) return [{ type: 'keep_alive' }];
  const { callId: id, name, input } = part;
  return [
    { type: 'tool_call_start', id, name },
    { type: 'tool_call', id, name, input: JSON.stringify(input) },
  ];
}

/** @throws ModelError 'model_not_found' */
async function findModel(name: string): Promise<vscode.LanguageModelChat> {
  const slash = name.indexOf('/');
  const models = await vscode.lm.selectChatModels({ vendor: name.slice(0, slash), id: name.slice(slash + 1) });
  const model = models.find((one) => nameOf(one) === name);
  if (!model) throw editorModelNotFound(name);
  return model;
}

const nameOf = ({ vendor, id }: vscode.LanguageModelChat): string => `${vendor}/${id}`;

const labelOf = ({ name, vendor }: vscode.LanguageModelChat): string => `${name} (${vendor})`;

/** Not in the typed API yet; a host that does not say it counts as one without. */
function takesImages(model: vscode.LanguageModelChat): boolean {
  const capabilities: unknown = Reflect.get(model, 'capabilities');
  return isJsonObject(capabilities) && capabilities['supportsImageToText'] === true;
}

/** A promise that rejects with the signal's reason, so that nobody waits for an answer that is not wanted any more. */
function abortOf(
  signal: AbortSignal,
  onAbort: () => void,
): { readonly promise: Promise<never>; readonly dispose: () => void } {
  let listener = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    listener = () => {
      onAbort();
      reject(signal.reason instanceof Error ? signal.reason : new Error('The request was aborted.'));
    };
  });
  promise.catch(() => undefined); // Nobody may be waiting at that moment.
  signal.addEventListener('abort', listener, { once: true });
  return { promise, dispose: () => signal.removeEventListener('abort', listener) };
}
