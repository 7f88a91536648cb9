import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes } from 'preact';

/** The one place that registers toolkit components: each costs kilobytes, so only what is used. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeBadge(), vsCodeButton(), vsCodeProgressRing(), vsCodeTextField());
}

interface ToolkitAttributes extends HTMLAttributes {
  readonly children?: ComponentChildren;
}
declare module 'preact' {
  // The compiler wants a namespace here: preact's JSX types are one.
  namespace JSX {
    interface IntrinsicElements {
      'vscode-badge': ToolkitAttributes;
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
