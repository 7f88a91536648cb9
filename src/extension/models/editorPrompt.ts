import * as vscode from 'vscode';
import type { ModelRequest } from '../../core/model/provider';
import type { ContentBlock, Message } from '../../core/protocol/messages';
import { assertNever } from '../../core/util/assertNever';
import { isJsonObject } from '../../core/util/json';

type UserPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolResultPart | vscode.LanguageModelDataPart;
type AssistantPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart;

/**
 * Our history as VS Code's language models take it. There is no system prompt in that API: it goes in front of the first user
 * message. Thinking stays away: nobody there takes it back.
 */
export function toEditorMessages(
  { system, messages }: ModelRequest,
  takesImages: boolean,
): vscode.LanguageModelChatMessage[] {
  const turns = messages.map((message) =>
    message.role === 'assistant' ? assistantTurn(message) : userTurn(message, takesImages),
  );
  const said = turns.filter((turn) => turn.content.length > 0);
  if (system.trim() === '') return said;
  const prompt = new vscode.LanguageModelTextPart(system);
  const [first] = said;
  if (first?.role === vscode.LanguageModelChatMessageRole.User) first.content = [prompt, ...first.content];
  else said.unshift(vscode.LanguageModelChatMessage.User([prompt]));
  return said;
}

export function toEditorTools({ tools }: ModelRequest): vscode.LanguageModelChatTool[] {
  return tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
}

function assistantTurn({ content }: Message): vscode.LanguageModelChatMessage {
  const parts = content.flatMap((block): readonly AssistantPart[] => {
    switch (block.type) {
      case 'text':
        return textPart(block.text);
      case 'tool_use': {
        // A model may have sent anything; this API takes only objects back.
        const input = isJsonObject(block.input) ? block.input : { value: block.input };
        return [new vscode.LanguageModelToolCallPart(block.id, block.name, input)];
      }
      case 'reasoning':
      case 'image':
      case 'audio':
      case 'video':
      case 'file':
      case 'tool_result':
        return [];
      default:
        return assertNever(block);
    }
  });
  return vscode.LanguageModelChatMessage.Assistant(parts);
}

/** Results come first: they belong right behind the calls. */
function userTurn({ content }: Message, takesImages: boolean): vscode.LanguageModelChatMessage {
  const results = content.filter((block) => block.type === 'tool_result');
  const said = content.filter((block) => block.type !== 'tool_result');
  return vscode.LanguageModelChatMessage.User([...results, ...said].flatMap((block) => userPart(block, takesImages)));
}

function userPart(block: ContentBlock, takesImages: boolean): readonly UserPart[] {
  switch (block.type) {
    case 'text':
      return textPart(block.text);
    case 'image':
      return takesImages
        ? [vscode.LanguageModelDataPart.image(Buffer.from(block.base64, 'base64'), block.mimeType)]
        : textPart('[Here was an image. This model cannot see images.]');
    case 'audio':
    case 'video':
      return textPart(`[Here was a ${block.type} recording. This model cannot take it.]`);
    case 'file':
      return textPart(`[Here was the file ${block.filename ?? block.mimeType}. This model cannot read such files.]`);
    case 'tool_result':
      return [
        new vscode.LanguageModelToolResultPart(block.tool_use_id, [
          new vscode.LanguageModelTextPart(JSON.stringify(block.content)),
        ]),
      ];
    case 'tool_use':
    case 'reasoning':
      return []; // Not something a user says.
    default:
      return assertNever(block);
  }
}

function textPart(text: string): readonly vscode.LanguageModelTextPart[] {
  return text.trim() === '' ? [] : [new vscode.LanguageModelTextPart(text)];
}
