import { usePanel } from '../ui/panelContext';

/** The way to the list of what runs unasked. */
export function RulesLink({ onOpen }: { readonly onOpen?: () => void }) {
  const { rules } = usePanel();
  return (
    <button
      type="button"
      class="text-button"
      onClick={() => {
        onOpen?.();
        rules.open();
      }}
    >
      What runs unasked
    </button>
  );
}
