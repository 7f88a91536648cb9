import { modeTexts } from '../../core/protocol/modeTexts';
import { reviewModes, type ReviewMode } from '../../core/protocol/modes';
import type { AppView } from '../../core/protocol/view';
import { Icon, type IconName } from '../ui/icons';
import { MenuButton } from '../ui/MenuButton';
import { usePanel } from '../ui/panelContext';

const modeIcons: Readonly<Record<ReviewMode, IconName>> = {
  plan: 'list',
  ask: 'ask',
  review: 'diff',
  auto: 'bolt',
};

/** What runs unasked in the shown session, and the choice of another mode. Where nothing wider may be in force, so it is said. */
export function ModeMenu({ app }: { readonly app: AppView }) {
  const { post } = usePanel();
  const { mode, activeSessionId, workspace } = app;
  const { name, description } = modeTexts[mode];
  const choose = (chosen: ReviewMode): void => {
    if (activeSessionId && chosen !== mode) post({ type: 'mode.set', sessionId: activeSessionId, mode: chosen });
  };
  return (
    <MenuButton
      label={`Mode: ${name}`}
      title={`${name}: ${description} Switch by ${switchKey()}`}
      className={`mode ${mode}`}
      menuClass="mode-menu"
      face={
        <>
          <Icon name={modeIcons[mode]} />
          <span class="mode-name" aria-hidden="true">
            {name}
          </span>
        </>
      }
    >
      {(close) =>
        reviewModes.map((one) => {
          const heldBack = !workspace.trusted && (one === 'review' || one === 'auto');
          return (
            <button
              key={one}
              type="button"
              role="menuitemradio"
              aria-checked={one === mode}
              aria-disabled={heldBack}
              class={`menu-item mode-item ${one}`}
              onClick={() => {
                if (heldBack) return;
                choose(one);
                close();
              }}
            >
              <Icon name={modeIcons[one]} />
              <span class="mode-text">
                <span class="mode-title">
                  {modeTexts[one].name}
                  {one === mode && <Icon name="check" />}
                </span>
                <span class="mode-description">
                  {heldBack ? 'Only in a workspace that you trust.' : modeTexts[one].description}
                </span>
              </span>
            </button>
          );
        })
      }
    </MenuButton>
  );
}

/** As in package.json. */
const switchKey = (): string => (/mac/i.test(navigator.userAgent) ? '⌘K ⇧M' : 'Ctrl+K Shift+M');
