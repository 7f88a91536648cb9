import { isSameModel, type ModelChoice } from '../../core/protocol/models';
import type { AppView } from '../../core/protocol/view';

/** A model as people know it, where that is known; else its vendor's name for it. */
export function modelName(choice: ModelChoice, { model }: Pick<AppView, 'model'> = {}): string {
  if (model?.demo && isSameModel(model, choice)) return 'Demo model';
  return (model && isSameModel(model, choice) ? model.label : undefined) ?? choice.model;
}
