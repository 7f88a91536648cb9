import type { DoneReason, FailureInfo } from '../../core/protocol/events';
import type { PanelCommand } from '../../core/protocol/ops';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';

type Action = readonly [label: string, command: PanelCommand];
const setKey: Action = ['Set API key', 'countersign.setApiKey'];
const chooseModel: Action = ['Choose a model', 'countersign.chooseModel'];
const showLog: Action = ['Show log', 'countersign.showLog'];
const openSettings: Action = ['Open settings', 'countersign.openSettings'];

/** What helps against a failure, by its code; the first is the likely one. */
const actionsByCode = new Map<string, readonly Action[]>([
  ['authentication', [setKey, chooseModel]],
  ['quota_exceeded', [chooseModel]],
  ['no_model', [chooseModel]],
  ['model_not_found', [chooseModel]],
  ['network', [openSettings, chooseModel]],
  ['service_unavailable', [chooseModel]],
  ['rate_limit', [chooseModel]],
  ['context_length', [['New session', 'countersign.newSession']]],
]);

/** How a turn ended, where it did not simply complete. */
export function TurnEndCard({ item }: { readonly item: ItemOf<'turnEnd'> }) {
  if (item.error) return <Failure error={item.error} />;
  const text = endTexts[item.reason];
  if (text === '') return null;
  return (
    <p class="turn-end">
      <Icon name={item.reason === 'interrupted' ? 'pause' : 'alert'} />
      {text}
    </p>
  );
}

const endTexts: Readonly<Record<DoneReason, string>> = {
  completed: '',
  interrupted: 'Stopped. Send a message to go on.',
  failed: 'The turn failed. Send a message to try again.',
  budget: 'The budget is used up. Raise it in the settings to go on.',
  max_steps: 'Paused after many steps. Send “go on” to continue.',
};

function Failure({ error }: { readonly error: FailureInfo }) {
  const panel = usePanel();
  return (
    <div class="notice error failure" role="group" aria-label="The turn failed">
      <Icon name="error" />
      <div class="failure-text">
        <p>
          <strong>{error.message}</strong>
        </p>
        {error.advice !== '' && <p>{error.advice}</p>}
        <div class="actions">
          {(actionsByCode.get(error.code) ?? [showLog]).map(([label, command]) => (
            <Button key={command} onClick={() => panel.post({ type: 'command.run', command })}>
              {label}
            </Button>
          ))}
        </div>
      </div>
    </div>
  );
}
