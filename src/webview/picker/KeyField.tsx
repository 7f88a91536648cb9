import type { VendorView } from '../../core/protocol/models';
import { visibleText } from '../text/visibleText';
import { Field } from '../ui/Field';

interface KeyFieldProps {
  readonly vendor: VendorView;
  readonly keyName: string | undefined;
  /** Empty: the one that sessions use which name no other. */
  readonly onPick: (name: string) => void;
}

/** Which of several keys the session uses; the others go on with theirs. */
export function KeyField({ vendor, keyName, onPick }: KeyFieldProps) {
  const usable = vendor.keys.filter((key) => key.givenFor === undefined);
  const current = usable.find((key) => key.current);
  const others = usable.filter((key) => !key.current);
  if (usable.length < 2) return null;
  const value = others.some((key) => key.name === keyName) ? keyName : '';
  return (
    <Field label="Key">
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">{current ? `${visibleText(current.name)}, as in other sessions` : 'Choose one'}</option>
        {others.map(({ name }) => (
          <option key={name} value={name}>
            {visibleText(name)}
          </option>
        ))}
      </select>
    </Field>
  );
}
