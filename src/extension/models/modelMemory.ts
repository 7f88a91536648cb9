import type * as vscode from 'vscode';
import { isSameModel, reasoningEfforts, type ModelChoice, type ModelRow } from '../../core/protocol/models';
import { isJsonObject } from '../../core/util/json';
import type { ModelTraits } from '../../node/models/modelFacts';
import { keptFacts, keptTraits, type KeptFacts } from './keptFacts';

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

  /** The key is not there any more: the models that were asked with it are asked with the current one. */
  async forgetKey(vendor: string, name: string): Promise<void> {
    const recent = this.recent.map(({ keyName, ...rest }) =>
      keyName === undefined || (rest.vendor === vendor && keyName === name) ? rest : { ...rest, keyName },
    );
    await this.#memento.update(recentKey, recent);
  }

  /** What the endpoint at this address has said of a model that was used. */
  facts(choice: ModelChoice, address: string | undefined): ModelTraits | undefined {
    return this.#facts.find(isAbout(choice, address))?.traits;
  }

  /** @returns whether something of it is new */
  async keepFacts(rows: readonly ModelRow[], address: string | undefined): Promise<boolean> {
    const before = this.#facts;
    const news = rows.map(({ vendor, model, label: _label, ...traits }) => ({
      ...{ vendor, model, traits },
      ...(address !== undefined && { address }),
    }));
    const others = before.filter((one) => !news.some(isAbout(one, one.address)));
    const isNew = news.some((one) => {
      const known = before.find(isAbout(one, one.address));
      return !known || JSON.stringify(keptTraits(known.traits)) !== JSON.stringify(keptTraits(one.traits));
    });
    if (isNew) await this.#memento.update(factsKey, [...news, ...others].slice(0, mostFacts));
    return isNew;
  }

  get #facts(): readonly KeptFacts[] {
    const stored: unknown = this.#memento.get(factsKey);
    return Array.isArray(stored) ? stored.flatMap((one: unknown) => keptFacts(one)) : [];
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
const factsKey = 'models.facts';
const mostFacts = 200;

const isAbout =
  (choice: ModelChoice, address: string | undefined) =>
  (kept: KeptFacts): boolean =>
    isSameModel(kept, choice) && kept.address === address;

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
