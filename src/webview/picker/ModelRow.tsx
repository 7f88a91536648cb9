import type { ModelRow as Model } from '../../core/protocol/models';
import type { PickerEntry } from '../models/modelEntries';
import { ratesText, ratesTitle } from '../text/modelText';
import { shortCount } from '../text/numbers';
import { visibleText } from '../text/visibleText';
import { Icon, type IconName } from '../ui/icons';
import { Marked } from '../ui/Marked';
import { usePanel } from '../ui/panelContext';

interface RowProps {
  readonly entry: Extract<PickerEntry, { kind: 'model' }>;
  readonly tabIndex: number;
  readonly onChoose: () => void;
}

/** A model: its name, window, price and what it can, and whether it is a favourite. */
export function ModelRow({ entry, tabIndex, onChoose }: RowProps) {
  const { picker } = usePanel();
  const { row, vendor, favourite, current, named } = entry;
  const name = visibleText(row.label ?? row.model);
  const { model } = row;
  return (
    <div class={`session-row model-row ${current ? 'active' : ''}`} data-row={entry.key}>
      <button
        type="button"
        class="session"
        data-part="open"
        tabIndex={tabIndex}
        aria-current={current ? 'true' : undefined}
        title={`${vendor.label}: ${row.model}`}
        onClick={onChoose}
      >
        <span class="session-text">
          <span class="session-line">
            <span class="session-title">
              <Marked text={name} query={picker.query.value} />
            </span>
            {row.windowTokens !== undefined && (
              <span class="session-time">
                {shortCount(row.windowTokens)}
                <span class="visually-hidden"> tokens</span>
              </span>
            )}
          </span>
          <span class="session-details">
            {named && <span>{vendor.label}</span>}
            <span title={ratesTitle(row.price)}>{ratesText(row.price)}</span>
            <Abilities row={row} />
          </span>
        </span>
      </button>
      <button
        type="button"
        class={`icon-button star ${favourite ? 'on' : ''}`}
        data-part="star"
        tabIndex={tabIndex}
        aria-label={`${favourite ? 'Remove from' : 'Add to'} favourites: ${name}`}
        title={favourite ? 'Remove from favourites' : 'Add to favourites'}
        onClick={() => picker.setFavourite({ vendor: row.vendor, model }, !favourite)}
      >
        <Icon name="star" className={favourite ? 'filled' : ''} />
      </button>
    </div>
  );
}

function Abilities({ row }: { readonly row: Model }) {
  const thinks = (row.efforts ?? []).some((effort) => effort !== 'none');
  if (!row.images && !thinks) return null;
  return (
    <span class="abilities">
      {row.images && <Ability icon="image" text="Reads images" />}
      {thinks && <Ability icon="thought" text="Thinks before it answers" />}
    </span>
  );
}

function Ability({ icon, text }: { readonly icon: IconName; readonly text: string }) {
  return (
    <span title={text}>
      <Icon name={icon} />
      <span class="visually-hidden">{text}. </span>
    </span>
  );
}
