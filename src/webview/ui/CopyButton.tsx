import { useEffect, useState } from 'preact/hooks';
import { IconButton } from './Button';

type CopyState = 'idle' | 'copied' | 'refused';
const shownMs = 1500;

/** Copies a text and says for a moment whether it worked. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  if (state === 'copied') return <IconButton icon="check" label="Copied" onClick={copy} />;
  if (state === 'refused') return <IconButton icon="error" label="The editor refused to copy" onClick={copy} />;
  return <IconButton icon="copy" label={label} onClick={copy} />;
}
