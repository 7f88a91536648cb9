import type { ComponentChildren, Ref } from 'preact';
import { Icon } from './icons';

interface SearchBoxProps {
  /** What is searched, also as placeholder. */
  readonly label: string;
  readonly title?: string;
  readonly value: string;
  readonly maxLength: number;
  /** Whether answers still come: a line below it moves. */
  readonly busy: boolean;
  readonly fieldRef: Ref<HTMLInputElement>;
  readonly onInput: (value: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** What stands below the field. */
  readonly children?: ComponentChildren;
}

/** The field above a list that searches it. */
export function SearchBox(props: SearchBoxProps) {
  const { label, title, value, maxLength, busy, fieldRef, onInput, onKeyDown, children } = props;
  return (
    <div class="session-search" role="search">
      <div class="search-box">
        <Icon name="search" />
        <input
          ref={fieldRef}
          type="search"
          {...{ value, maxLength, title }}
          spellcheck={false}
          autocomplete="off"
          aria-label={label}
          placeholder={label}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {children}
      <div class={`search-progress ${busy ? 'moving' : ''}`} aria-hidden="true" />
    </div>
  );
}
