import type { ModelProvider } from '../../core/model/provider';
import type { ModelChoice, ModelRow, ModelTest } from '../../core/protocol/models';
import type { ModelConnection } from '../../node/models/connection';
import type { ModelTraits } from '../../node/models/modelFacts';

/** An endpoint as it is asked for its models. */
export type ListedEndpoint = Omit<ModelConnection, 'model' | 'choice'>;

/** Where the model picker's data comes from. */
export interface ModelSources {
  /** The models of a vendor that are known without asking anybody. */
  known(vendor: string): readonly ModelRow[];
  /** What is known of one model, the best guess for one that is in no list. */
  facts(choice: ModelChoice): ModelRow;
  /** What the user says of a model. */
  said(choice: ModelChoice): ModelTraits;
  /** Asks a vendor's endpoint for its models. @throws ModelError, ConfigError; the signal's reason when aborted. */
  list(endpoint: ListedEndpoint, signal: AbortSignal): Promise<readonly ModelRow[]>;
  /** Looks at the usual ports of local servers. @returns the vendors that answered */
  findLocal(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** The vendors of local servers for which the user has set an address that cannot be. */
  misaddressed(): readonly string[];
  /** VS Code's own models. */
  editor(): Promise<readonly ModelRow[]>;
  /** One small real request. Rejects only with the signal's reason. */
  test(model: ModelProvider, signal: AbortSignal): Promise<ModelTest>;
}
