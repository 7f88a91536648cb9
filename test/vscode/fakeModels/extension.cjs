// Loaded by VS Code beside the extension under test; plain JavaScript, so that it needs no build.
const vscode = require('vscode');

const model = {
  id: 'scripted',
  name: 'Scripted',
  family: 'fake',
  version: '1',
  maxInputTokens: 32_000,
  maxOutputTokens: 4_000,
};

/** A test sets `answer` to what the model does; `requests` are the ones it got. */
exports.activate = (context) => {
  const control = { answer: async () => undefined, requests: [] };
  const provider = {
    provideLanguageModelChatInformation: () => [
      { ...model, capabilities: { imageInput: true, toolCalling: true } },
      { ...model, id: 'blind', name: 'Blind', capabilities: { toolCalling: true } },
    ],
    provideLanguageModelChatResponse: (information, messages, options, progress, token) => {
      control.requests.push({ model: information.id, messages, tools: (options.tools ?? []).map(({ name }) => name) });
      return control.answer({ messages, progress, token, count: control.requests.length });
    },
    provideTokenCount: (_model, text) => Promise.resolve(String(text).length),
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('fake', provider));
  return control;
};
