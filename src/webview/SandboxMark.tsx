import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Containment } from '../core/protocol/toolCalls';
import { RulesLink } from './rules/RulesLink';
import { containmentIcons, containmentTitles, containmentWords } from './text/containmentText';
import { visibleProse } from './text/visibleText';
import { Icon } from './ui/icons';

interface MarkProps {
  readonly containment: Containment;
  /** Only the icon, where more important things need the space. */
  readonly brief: boolean;
}

/** What holds commands in this workspace: one quiet word, and the details behind it. */
export function SandboxMark({ containment, brief }: MarkProps) {
  const open = useSignal(false);
  const anchor = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { level } = containment;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open.value) return;
    event.stopPropagation();
    open.value = false;
    button.current?.focus();
  };
  return (
    <div
      class="sandbox"
      ref={anchor}
      onKeyDown={onKeyDown}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !anchor.current?.contains(relatedTarget)) open.value = false;
      }}
    >
      <button
        ref={button}
        type="button"
        class={`sandbox-mark ${level}`}
        aria-label={containmentWords[level]}
        aria-expanded={open.value}
        title={containmentTitles[level]}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name={containmentIcons[level]} />
        {!brief && <span class="sandbox-word">{containmentWords[level]}</span>}
      </button>
      {open.value && <Details containment={containment} close={() => (open.value = false)} />}
    </div>
  );
}

/** Keeps the mark's place until it is known, so that the title stays where it is. */
export function SandboxPlace() {
  return (
    <span class="sandbox-mark sandbox-place" aria-hidden="true">
      <Icon name="shield" />
      <span class="sandbox-word">{containmentWords.os}</span>
    </span>
  );
}

function Details({ containment, close }: { readonly containment: Containment; readonly close: () => void }) {
  const { level, files, network, reason, fix } = containment;
  const lines: readonly (readonly [name: string, text: string])[] = [
    ['Files', files],
    ['Network', network],
    ['Why', reason],
    ['What to do', fix],
  ];
  return (
    <section class="sandbox-details" aria-label="What holds commands">
      <p>
        <b>{containmentTitles[level]}</b>
      </p>
      <dl>
        {lines.map(
          ([name, text]) =>
            text !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{visibleProse(text)}</dd>
              </div>
            ),
        )}
      </dl>
      <RulesLink onOpen={close} />
    </section>
  );
}
