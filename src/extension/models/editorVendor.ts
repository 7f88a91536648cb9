import type { VendorView } from '../../core/protocol/models';

/** VS Code's own models, as a vendor among the others. */
export const editorVendor = {
  id: 'vscode',
  label: 'VS Code (Copilot)',
  kind: 'editor',
  needsKey: false,
} as const satisfies Pick<VendorView, 'id' | 'label' | 'kind' | 'needsKey'>;
