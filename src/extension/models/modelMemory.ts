import type * as vscode from 'vscode';
import { isSameModel, reasoningEfforts, type ModelChoice } from '../../core/protocol/models';
import { isJsonObject } from '../../core/util/json';

/** What the user did with models, over all windows: no key is in it, only names. */
export class ModelMemory {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memento = memento;
  }

  /** The last used models, the last one first, each with effort and key as it was used then. */
  get recent(): readonly ModelChoice[] {
    return choicesAt(this.#memento, recentKey);
  }

  async used(choice: ModelChoice): Promise<void> {
    const others = this.recent.filter((one) => !isSameModel(one, choice));
    await this.#memento.update(recentKey, [choice, ...others].slice(0, keptRecent));
  }

  /** The model as it was asked when it was last used: with that effort and that key. */
  asLastUsed(model: ModelChoice): ModelChoice {
    return this.recent.find((one) => isSameModel(one, model)) ?? model;
  }

  get favourites(): readonly ModelChoice[] {
    return choicesAt(this.#memento, favouritesKey);
  }

  async setFavourite(choice: ModelChoice, on: boolean): Promise<void> {
    const others = this.favourites.filter((one) => !isSameModel(one, choice));
    await this.#memento.update(favouritesKey, on ? [...others, choice] : others);
  }
}

const recentKey = 'models.recent';
const favouritesKey = 'models.favourites';
const keptRecent = 30;

function choicesAt(memento: Pick<vscode.Memento, 'get'>, name: string): readonly ModelChoice[] {
  const stored: unknown = memento.get(name);
  return Array.isArray(stored) ? stored.flatMap((one: unknown) => choiceOf(one)) : [];
}

/** An older or newer version may have written it. */
function choiceOf(value: unknown): readonly ModelChoice[] {
  if (!isJsonObject(value)) return [];
  const { vendor, model, keyName } = value;
  if (typeof vendor !== 'string' || typeof model !== 'string') return [];
  const effort = reasoningEfforts.find((one) => one === value['effort']);
  return [{ vendor, model, ...(effort && { effort }), ...(typeof keyName === 'string' && { keyName }) }];
}
