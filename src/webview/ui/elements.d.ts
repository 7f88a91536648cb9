import type { ComponentChildren, HTMLAttributes } from 'preact';

interface ToolkitAttributes extends HTMLAttributes<HTMLElement> {
  readonly children?: ComponentChildren;
}

/** The toolkit's elements in JSX: preact sets what is a property of the element as a property. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ToolkitAttributes & {
        readonly appearance: 'primary' | 'secondary' | 'icon';
        readonly disabled?: boolean;
      };
      'vscode-progress-ring': ToolkitAttributes;
      'vscode-text-field': ToolkitAttributes & {
        readonly value: string;
        readonly placeholder?: string;
        readonly maxlength?: number;
      };
    }
  }
}
