import type { ReasoningEffort } from '../core/protocol/models';
import type { AppView } from '../core/protocol/view';
import { effortText } from './text/modelText';
import { Icon } from './ui/icons';
import { usePanel } from './ui/panelContext';

/** How much the model thinks before it answers; for models that can be told. */
export function EffortSelect({ app: { model, activeSessionId } }: { readonly app: AppView }) {
  const { post } = usePanel();
  const efforts = model?.efforts ?? [];
  if (!model || efforts.length === 0) return null;
  const choose = (effort: ReasoningEffort | undefined): void => {
    const { vendor, model: name, keyName } = model;
    const choice = { vendor, model: name, ...(effort && { effort }), ...(keyName !== undefined && { keyName }) };
    const standard = activeSessionId === undefined;
    post({ type: 'model.use', ...(activeSessionId && { sessionId: activeSessionId }), choice, standard });
  };
  return (
    <label class="effort" title="How much it thinks before it answers">
      <Icon name="thought" />
      <span class="effort-word">Thinking:</span>
      <select
        aria-label="Thinking"
        value={model.effort ?? ''}
        onChange={({ currentTarget: { value } }) => choose(efforts.find((effort) => effort === value))}
      >
        <option value="">auto</option>
        {efforts.map((effort) => (
          <option key={effort} value={effort}>
            {effortText(effort)}
          </option>
        ))}
      </select>
    </label>
  );
}
