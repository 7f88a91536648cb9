import type { ModelProvider, ModelRequest } from '../../src/core/model/provider';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import { textOf } from '../../src/core/protocol/messages';

/** A scripted model that keeps what it was asked. */
export interface ListeningModel extends ModelProvider {
  readonly requests: readonly ModelRequest[];
  /** The texts of the user's side, in each request. */
  readonly userTexts: readonly (readonly string[])[];
}

export function listeningModel(script: readonly ScriptedTurn[]): ListeningModel {
  const scripted = scriptedModel(script);
  const requests: ModelRequest[] = [];
  const stream = (request: ModelRequest, signal: AbortSignal): ReturnType<ModelProvider['stream']> => {
    requests.push(request);
    return scripted.stream(request, signal);
  };
  return {
    ...scripted,
    stream,
    requests,
    get userTexts() {
      return requests.map(({ messages }) => messages.filter(({ role }) => role === 'user').map(textOf));
    },
  };
}
