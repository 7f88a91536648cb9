import { useSignal } from '@preact/signals';
import type { ModelChoice, ModelTest, VendorView } from '../../core/protocol/models';
import { choiceOf } from './useEntry';
import { ratesText, ratesTitle } from '../text/modelText';
import { shortCount, shortDuration } from '../text/numbers';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { Field } from '../ui/Field';
import { usePanel } from '../ui/panelContext';
import { KeyField } from './KeyField';

interface CheckProps {
  readonly vendor: VendorView;
  readonly wanted: string | undefined;
}

/** A model of the vendor, one small real request to it, what came of that, and using it. */
export function ConnectionCheck({ vendor, wanted }: CheckProps) {
  const panel = usePanel();
  const { picker, app } = panel;
  const { test } = picker;
  const shown = app.value;
  const current = shown?.model?.vendor === vendor.id ? shown.model.model : undefined;
  const written = useSignal<string | undefined>(undefined);
  const model = written.value ?? wanted ?? current ?? vendor.models[0]?.model ?? '';
  const row = vendor.models.find((one) => one.model === model) ?? { vendor: vendor.id, model };
  const keyName = useSignal<string | undefined>(undefined);
  const choice = withKey(shown ? choiceOf(row, shown, vendor) : { vendor: vendor.id, model }, keyName.value);
  const state = test.state.value;
  const running = state?.kind === 'running';
  const passed = state?.kind === 'ended' && state.result.ok;
  const use = (): void => {
    picker.use(choice);
    queueMicrotask(panel.focusComposer);
  };
  const pickKey = (name: string): void => {
    keyName.value = name;
    test.forget();
  };
  const pick = (name: string): void => {
    written.value = name;
    test.forget();
  };
  return (
    <section class="vendor-part vendor-test" aria-label="Test">
      <Field label="Model">
        <ModelField vendor={vendor} model={model} onPick={pick} />
      </Field>
      <KeyField vendor={vendor} keyName={choice.keyName} onPick={pickKey} />
      <div class="actions">
        <Button
          appearance={passed ? 'secondary' : 'primary'}
          disabled={running || model === ''}
          onClick={() => test.start(choice)}
        >
          {state ? 'Test again' : 'Test connection'}
        </Button>
        {(passed || vendor.ready) && model !== '' && (
          <Button appearance={passed ? 'primary' : 'secondary'} onClick={use}>
            Use this model
          </Button>
        )}
      </div>
      <div class="test-result">
        {running && (
          <p class="working">
            <vscode-progress-ring />
            One small request…
          </p>
        )}
        {state?.kind === 'ended' && <TestResult result={state.result} />}
      </div>
    </section>
  );
}

const another = '\u0000another';

/** The listed models, or a field for a name where none is listed. */
function ModelField({ vendor, model, onPick }: { vendor: VendorView; model: string; onPick: (model: string) => void }) {
  const isListed = vendor.models.some((one) => one.model === model);
  const writing = useSignal(vendor.models.length === 0 || (model !== '' && !isListed));
  if (writing.value)
    return (
      <input
        type="text"
        value={model}
        maxLength={300}
        spellcheck={false}
        autocomplete="off"
        placeholder="The model’s name at the vendor"
        onInput={(event) => onPick(event.currentTarget.value.trim())}
      />
    );
  const onChange = (name: string): void => {
    if (name === another) writing.value = true;
    else onPick(name);
  };
  return (
    <select value={model} onChange={(event) => onChange(event.currentTarget.value)}>
      {vendor.models.map((one) => (
        <option key={one.model} value={one.model}>
          {one.label ?? one.model}
        </option>
      ))}
      <option value={another}>Another name…</option>
    </select>
  );
}

/** @param name empty: the key that is used where none is named; undefined: the one that the choice names */
function withKey(choice: ModelChoice, name: string | undefined): ModelChoice {
  if (name === undefined) return choice;
  const { keyName: _keyName, ...rest } = choice;
  return name === '' ? rest : { ...rest, keyName: name };
}

function TestResult({ result }: { readonly result: ModelTest }) {
  if (!result.ok)
    return (
      <div class="notice error">
        <Icon name="error" />
        <p>
          <strong>{result.message}</strong> {result.advice}
        </p>
      </div>
    );
  const { model, firstMs, totalMs, price, windowTokens } = result;
  return (
    <div class="notice good">
      <Icon name="checkCircle" />
      <p>
        <strong>It works.</strong> {model} began to answer after {shortDuration(firstMs)}
        {totalMs - firstMs >= 100 && ` and was done after ${shortDuration(totalMs)}`}.
        <span class="test-facts" title={ratesTitle(price)}>
          {ratesText(price)} · {shortCount(windowTokens)} tokens
        </span>
      </p>
    </div>
  );
}
