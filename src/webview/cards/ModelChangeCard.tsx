import { modelName } from '../models/modelName';
import { effortText } from '../text/modelText';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';

/** A thin line: from here on another model answers. */
export function ModelChangeCard({ item: { model } }: { readonly item: ItemOf<'modelChange'> }) {
  const name = modelName(model, usePanel().app.value);
  return (
    <p class="model-change">
      <span>
        Now: {name}
        {model.effort && ` · thinking ${effortText(model.effort)}`}
      </span>
    </p>
  );
}
