import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { ConfigError } from '../../core/errors';
import type { ModelProvider } from '../../core/model/provider';
import { scriptedModel, type ScriptedAnswer } from '../../core/model/scripted';
import { isJsonObject, type JsonValue } from '../../core/util/json';
import { systemCodeOf } from '../systemError';

/**
 * A model that plays the answers of a JSON file, one for each request; the last one repeats. For trying out programs without a
 * key: `[{"text": "Hello."}, {"calls": [{"name": "fs_read", "input": {"path": "a.txt"}}]}]`. An answer has `text`, `reasoning`
 * or `calls`, or several of them.
 * @throws ConfigError 'invalid_value' for a file that cannot be read or holds something else.
 */
export async function scriptedModelFromFile(file: string): Promise<ModelProvider> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(file, `cannot be read (${systemCodeOf(error) ?? String(error)})`, error);
  });
  return scriptedModel(parseScript(text, file), { model: path.basename(file) });
}

function parseScript(text: string, file: string): readonly ScriptedAnswer[] {
  let script: JsonValue;
  try {
    script = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw unusable(file, 'is not JSON', error);
  }
  if (!Array.isArray(script) || script.length === 0) throw unusable(file, 'is not a list of answers');
  return (script as readonly JsonValue[]).map((answer, index) => {
    if (isScriptedAnswer(answer)) return answer;
    throw unusable(file, `holds no answer at place ${index + 1}: ${JSON.stringify(answer).slice(0, 200)}`);
  });
}

function isScriptedAnswer(value: JsonValue): value is JsonValue & ScriptedAnswer {
  if (!isJsonObject(value)) return false;
  const { text, reasoning, calls, ...unknown } = value;
  const said = [text, reasoning];
  return (
    Object.keys(unknown).length === 0 &&
    said.every((one) => one === undefined || typeof one === 'string') &&
    (calls === undefined || (Array.isArray(calls) && (calls as readonly JsonValue[]).every(isScriptedCall))) &&
    [...said, calls].some((one) => one !== undefined)
  );
}

function isScriptedCall(value: JsonValue): boolean {
  return isJsonObject(value) && typeof value['name'] === 'string' && value['input'] !== undefined;
}

function unusable(file: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError('invalid_value', `The script ${JSON.stringify(file)} of COUNTERSIGN_MODEL ${why}.`, {
    advice: 'Name a JSON file with a list of answers, such as [{"text": "Hello."}], after "scripted:".',
    cause,
  });
}
