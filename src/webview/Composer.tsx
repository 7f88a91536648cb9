import { useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AppView, SessionView } from '../core/protocol/view';
import { EffortSelect } from './EffortSelect';
import { Footer } from './Footer';
import { modelName } from './models/modelName';
import { ModeConfirm } from './modes/ModeConfirm';
import { ModeMenu } from './modes/ModeMenu';
import { IconButton } from './ui/Button';
import { isComposing } from './ui/isComposing';
import { Icon, StopIcon } from './ui/icons';
import { usePanel } from './ui/panelContext';
import { useFocusBack } from './ui/useFocusBack';

interface ComposerProps {
  readonly app: AppView;
  readonly session: SessionView | undefined;
  readonly ready: boolean;
}
const maxHeight = 220;

/** Where the person writes. Enter sends, Shift+Enter breaks the line, Escape stops a running turn. */
export function Composer({ app, session, ready }: ComposerProps) {
  const panel = usePanel();
  const busy = panel.busy.value;
  const draft = panel.draft.value;
  return (
    <section class="composer" aria-label="Message">
      <ModeConfirm app={app} />
      <div class="composer-box">
        <DraftField ready={ready} busy={busy} />
        <div class="composer-tools">
          <div class="model-choice">
            <ModeMenu app={app} />
            <ModelButton app={app} />
          </div>
          <div class="send-choice">
            <EffortSelect app={app} />
            {busy && (
              <button
                type="button"
                class="icon-button stop"
                aria-label="Stop"
                title="Stop (Escape)"
                onClick={panel.interrupt}
              >
                <StopIcon />
              </button>
            )}
            <IconButton
              icon="send"
              className="send"
              label={busy ? 'Queue message (Enter)' : 'Send (Enter)'}
              disabled={!ready || panel.selecting.value !== undefined || draft.trim() === ''}
              onClick={() => {
                panel.send();
                panel.focusComposer();
              }}
            />
          </div>
        </div>
      </div>
      <Footer app={app} session={session} />
    </section>
  );
}

function DraftField({ ready, busy }: { readonly ready: boolean; readonly busy: boolean }) {
  const panel = usePanel();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = panel.draft.value;
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight, maxHeight)}px`;
  }, [draft]);
  useSignalEffect(() => {
    if (panel.focusRequests.value > 0) field.current?.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && busy && !isComposing(event)) panel.interrupt();
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (ready) panel.send();
  };
  return (
    <textarea
      ref={field}
      rows={1}
      value={draft}
      aria-label="Message to the agent"
      placeholder={busy ? 'Add to what it is doing' : 'Ask, or say what to change'}
      onInput={(event) => panel.setDraft(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}

function ModelButton({ app }: { readonly app: AppView }) {
  const { picker } = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  const { model } = app;
  useFocusBack(picker.isOpen.value, button);
  return (
    <button
      ref={button}
      type="button"
      class="model"
      aria-expanded={picker.isOpen.value}
      title={model ? `${model.vendorLabel ?? model.vendor}: ${model.model}. Choose another model` : 'Choose a model'}
      onClick={() => picker.open()}
    >
      <span class="model-name">{model ? modelName(model, app) : 'Choose a model'}</span>
      {model?.demo && <span class="badge">demo</span>}
      <Icon name="chevronDown" />
    </button>
  );
}
