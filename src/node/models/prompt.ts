import type {
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4FilePart,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { modelError } from '../../core/model/errors';
import type { ModelRequest, ToolDescription } from '../../core/model/provider';
import type {
  ContentBlock,
  FileBlock,
  ImageBlock,
  Message,
  ReasoningBlock,
  ToolUseBlock,
} from '../../core/protocol/messages';
import { assertNever } from '../../core/util/assertNever';
import { isJsonObject, type JsonObject } from '../../core/util/json';
import type { CallIds } from './sdkModel';

export interface PromptOptions {
  /** Reasoning and call metadata go back only where their vendor equals this one. */
  readonly vendor: string;
  /** Whether the model takes the vendor's reasoning with these metadata back: another of its models or APIs may have made it. */
  readonly accepts: (data: JsonObject) => boolean;
  /** Whether images are sent; otherwise a word stands in their place. */
  readonly images: boolean;
  readonly pdf: boolean;
  /** Default: letters, digits, `_` and `-`, at most 40 of them, which all but Mistral take. */
  readonly callIds?: CallIds;
  /** Whether the model insists on an answer to results before the user speaks again, as Mistral's do. */
  readonly answersTools?: boolean;
  /** Put where a vendor's prompt cache shall remember the prefix: on the system prompt, the last tool and the last two user turns. */
  readonly cacheMark?: SharedV4ProviderOptions;
}

/** Our history as the SDK takes it. The same history always gives the same bytes, and a longer one begins with those of the shorter. */
export function toPrompt(request: ModelRequest, options: PromptOptions): LanguageModelV4Prompt {
  const calls = wireCalls(request.messages, options.callIds ?? usualCallIds);
  const prompt: LanguageModelV4Message[] = [];
  if (request.system.trim() !== '') prompt.push({ role: 'system', content: request.system, ...marked(options) });
  const turns: LanguageModelV4Message[][] = request.messages.map((message) =>
    message.role === 'assistant' ? assistantTurn(message, calls, options) : userTurn(message, calls, options),
  );
  const userTurns = turns.filter((turn) => turn.length > 0 && turn[0]?.role !== 'assistant');
  for (const turn of userTurns.slice(-2)) {
    const last = turn.at(-1);
    if (last && options.cacheMark) turn[turn.length - 1] = { ...last, providerOptions: options.cacheMark };
  }
  const said = turns.flat();
  return [...prompt, ...(options.answersTools === true ? said.flatMap(withAnswer) : said)];
}

/** A turn may have ended on results, stopped by the user or a budget. */
function withAnswer(
  message: LanguageModelV4Message,
  place: number,
  all: readonly LanguageModelV4Message[],
): readonly LanguageModelV4Message[] {
  if (message.role !== 'user' || all[place - 1]?.role !== 'tool') return [message];
  return [{ role: 'assistant', content: [{ type: 'text', text: 'Understood.' }] }, message];
}

/** @throws ModelError 'invalid_request' for a schema that is not one of an object. */
export function toTools(
  tools: readonly ToolDescription[],
  options: PromptOptions,
): readonly LanguageModelV4FunctionTool[] {
  return tools.map((tool, index) => {
    const { name, description, inputSchema } = tool;
    if (!isObjectSchema(inputSchema))
      throw modelError(
        'invalid_request',
        `The arguments of the tool ${name} are of type ${JSON.stringify(inputSchema['type'] ?? 'unknown')}.`,
        {
          advice: "Give the tool's schema `type: 'object'` at the top.",
        },
      );
    const isLast = index === tools.length - 1;
    return { type: 'function', name, description, inputSchema, ...(isLast && marked(options)) };
  });
}

type InputSchema = LanguageModelV4FunctionTool['inputSchema'];

function isObjectSchema(schema: JsonObject): schema is JsonObject & InputSchema {
  return schema['type'] === 'object';
}

function marked(options: PromptOptions): { providerOptions?: SharedV4ProviderOptions } {
  return options.cacheMark ? { providerOptions: options.cacheMark } : {};
}

/** How a call is named on the wire. */
interface WireCall {
  readonly id: string;
  readonly name: string;
}

/** Vendors are strict about ids; one that another vendor chose may break that. */
const usualCallIds: CallIds = { pattern: /^[a-zA-Z0-9_-]{1,40}$/, at: (index) => `countersign_${index}` };

function wireCalls(messages: readonly Message[], ids: CallIds): ReadonlyMap<string, WireCall> {
  const calls = new Map<string, WireCall>();
  for (const block of messages.flatMap((message) => message.content)) {
    if (block.type !== 'tool_use') continue;
    const id = ids.pattern.test(block.id) ? block.id : ids.at(calls.size);
    calls.set(block.id, { id, name: block.name });
  }
  return calls;
}

type AssistantPart = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];
type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

/** Nothing at all for an answer of which nothing goes back, for example only another vendor's thinking. */
function assistantTurn(
  message: Message,
  calls: ReadonlyMap<string, WireCall>,
  options: PromptOptions,
): LanguageModelV4Message[] {
  const content = message.content.flatMap((block): readonly AssistantPart[] => {
    switch (block.type) {
      case 'text':
        return textPart(block.text);
      case 'reasoning':
        return reasoningPart(block, options);
      case 'tool_use':
        return [toolCallPart(block, calls, options.vendor)];
      case 'image':
      case 'audio':
      case 'video':
      case 'file':
      case 'tool_result':
        return []; // Not something an assistant says.
      default:
        return assertNever(block);
    }
  });
  return content.length > 0 ? [{ role: 'assistant', content }] : [];
}

/** Results come first: vendors want them right behind the calls. */
function userTurn(
  message: Message,
  calls: ReadonlyMap<string, WireCall>,
  options: PromptOptions,
): LanguageModelV4Message[] {
  const results = message.content.flatMap((block) => resultPart(block, calls));
  const said = message.content.flatMap((block): readonly UserPart[] => {
    switch (block.type) {
      case 'text':
        return textPart(block.text);
      case 'image':
        return [options.images ? filePart(block) : inPlaceOf('An image was here; this model cannot see images.')];
      case 'audio':
      case 'video':
        return [inPlaceOf(`A ${block.type} recording was here; this model cannot take it.`)];
      case 'file':
        return [
          isSent(block, options) ? filePart(block) : inPlaceOf(`${nameOf(block)} was here; this model cannot read it.`),
        ];
      case 'tool_result':
      case 'tool_use':
      case 'reasoning':
        return [];
      default:
        return assertNever(block);
    }
  });
  const turn: LanguageModelV4Message[] = [];
  if (results.length > 0) turn.push({ role: 'tool', content: results });
  if (said.length > 0) turn.push({ role: 'user', content: said });
  return turn;
}

/** Text without a visible character is refused by some vendors and says nothing to any. */
function textPart(text: string): readonly LanguageModelV4TextPart[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function filePart(block: ImageBlock | FileBlock): LanguageModelV4FilePart {
  const filename = block.type === 'file' ? block.filename : undefined;
  return {
    type: 'file',
    mediaType: block.mimeType,
    data: { type: 'data', data: block.base64 },
    ...(filename !== undefined && { filename }),
  };
}

/** Of files, all that take any take PDF; the SDK refuses a request with another. */
function isSent({ mimeType }: FileBlock, { pdf }: PromptOptions): boolean {
  return pdf && mimeType === 'application/pdf';
}

function inPlaceOf(what: string): LanguageModelV4TextPart {
  return { type: 'text', text: `[${what}]` };
}

function nameOf({ filename }: FileBlock): string {
  return filename === undefined ? 'A document' : `The document ${filename}`;
}

function reasoningPart(block: ReasoningBlock, options: PromptOptions): readonly AssistantPart[] {
  if (block.meta?.vendor !== options.vendor || !options.accepts(block.meta.data)) return [];
  return [{ type: 'reasoning', text: block.reasoning, providerOptions: toOptions(block.meta.data) }];
}

function toolCallPart(block: ToolUseBlock, calls: ReadonlyMap<string, WireCall>, vendor: string): AssistantPart {
  return {
    type: 'tool-call',
    toolCallId: calls.get(block.id)?.id ?? block.id,
    toolName: block.name,
    // A model may have sent anything; vendors take only objects back.
    input: isJsonObject(block.input) ? block.input : { value: block.input },
    ...(block.meta?.vendor === vendor && { providerOptions: toOptions(block.meta.data) }),
  };
}

function resultPart(
  block: ContentBlock,
  calls: ReadonlyMap<string, WireCall>,
): readonly LanguageModelV4ToolResultPart[] {
  if (block.type !== 'tool_result') return [];
  const call = calls.get(block.tool_use_id);
  const value: JsonObject = block.content;
  return [
    {
      type: 'tool-result',
      toolCallId: call?.id ?? block.tool_use_id,
      toolName: call?.name ?? 'unknown',
      output: block.is_error ? { type: 'error-json', value } : { type: 'json', value },
    },
  ];
}

/** What the vendor sent as metadata is what it gets back as options: both are objects by namespace. */
function toOptions(data: JsonObject): SharedV4ProviderOptions {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => (isJsonObject(value) ? [[name, value]] : [])),
  );
}
