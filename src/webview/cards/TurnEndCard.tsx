import type { DoneReason, FailureInfo } from '../../core/protocol/events';
import { failureActions, goOn, type FailureAction } from '../models/failureActions';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';

/** How a turn ended, where it did not simply complete. */
export function TurnEndCard({ item }: { readonly item: ItemOf<'turnEnd'> }) {
  if (item.error) return <Failure itemKey={item.key} error={item.error} />;
  if (item.reason === 'budget') return <Failure itemKey={item.key} error={noBudgetLeft} />;
  const text = endTexts[item.reason];
  if (text === '') return null;
  return (
    <p class="turn-end">
      <Icon name={item.reason === 'interrupted' ? 'pause' : 'alert'} />
      {text}
    </p>
  );
}

const endTexts: Readonly<Record<Exclude<DoneReason, 'budget'>, string>> = {
  completed: '',
  interrupted: 'Stopped. Send a message to go on.',
  failed: 'The turn failed. Send a message to try again.',
  max_steps: 'Paused after many steps. Send “go on” to continue.',
};

const noBudgetLeft: FailureInfo = {
  ...{ code: 'budget', message: 'The budget is used up.', retryable: false },
  advice: 'Raise it and send a message to go on.',
};

const labels: Readonly<Partial<Record<FailureAction, string>>> = {
  again: 'Try again',
  key: 'Change key',
  models: 'Choose a model',
  compact: 'Compact',
  'countersign.newSession': 'New session',
  'countersign.setBudget': 'Set budget…',
  'countersign.openSettings': 'Open settings',
  'countersign.showLog': 'Show log',
};

/** What was not done because of a limit that the user has set is no fault. */
const isLimit = (code: string): boolean => code === 'budget' || code === 'price_unknown';

function Failure({ itemKey, error }: { readonly itemKey: string; readonly error: FailureInfo }) {
  const limit = isLimit(error.code);
  return (
    <div
      class={`notice failure ${limit ? 'warn' : 'error'}`}
      role="group"
      aria-label={limit ? 'The turn was stopped' : 'The turn failed'}
    >
      <Icon name={limit ? 'alert' : 'error'} />
      <div class="failure-text">
        <p>
          <strong>{error.message}</strong>
        </p>
        {error.advice !== '' && <p>{error.advice}</p>}
        <Actions itemKey={itemKey} code={error.code} />
      </div>
    </div>
  );
}

/** Only the newest end has something to do: those before are history. */
function Actions({ itemKey, code }: { readonly itemKey: string; readonly code: string }) {
  const panel = usePanel();
  const run = useAction();
  const newest = panel.session.value?.items.findLast(({ kind }) => kind === 'user' || kind === 'turnEnd');
  if (newest?.key !== itemKey || panel.readOnly.value) return null;
  const actions = failureActions(code);
  return (
    <>
      <div class="actions">
        {actions.map((action) => (
          <Button key={action} onClick={() => run(action)}>
            {labels[action] ?? action}
          </Button>
        ))}
      </div>
      {actions.includes('again') && <p class="fine-print">“Try again” sends the message “{goOn}”</p>}
    </>
  );
}

function useAction(): (action: FailureAction) => void {
  const panel = usePanel();
  return (action) => {
    const sessionId = panel.session.peek()?.sessionId;
    if (action === 'again') {
      panel.say(goOn);
      panel.focusComposer();
    } else if (action === 'key') panel.picker.open(panel.app.peek()?.model?.vendor);
    else if (action === 'models') panel.picker.open();
    else if (action !== 'compact') panel.post({ type: 'command.run', command: action });
    else if (sessionId) panel.post({ type: 'session.compact', sessionId });
  };
}
