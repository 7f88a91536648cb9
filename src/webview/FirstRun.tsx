import { useRef } from 'preact/hooks';
import type { PanelCommand } from '../core/protocol/ops';
import type { StartStep } from './models/startStep';
import { Button } from './ui/Button';
import { Icon, Mark, type IconName } from './ui/icons';
import { usePanel } from './ui/panelContext';
import { useFocusBack } from './ui/useFocusBack';

interface Welcome {
  readonly title: string;
  readonly text: string;
  /** 'models': the model picker. */
  readonly action: readonly [label: string, action: PanelCommand | 'models'];
  readonly demo: boolean;
}

const welcomes: Readonly<Record<Exclude<StartStep, 'ready'>, Welcome>> = {
  openFolder: {
    title: 'Open a folder to begin',
    text: 'Countersign works inside the folder that you open, and nowhere else.',
    action: ['Open a folder', 'countersign.openFolder'],
    demo: true,
  },
  trustFolder: {
    title: 'This folder is not trusted yet',
    text: 'An agent reads files and runs commands. It stays off until you trust the authors of this folder.',
    action: ['Manage trust', 'countersign.manageTrust'],
    demo: false,
  },
  chooseModel: {
    title: 'An agent that asks before it acts',
    text: 'It reads, searches, edits and runs commands. No change and no command goes through without your approval.',
    action: ['Choose a model', 'models'],
    demo: true,
  },
};

/** What stands in the place of an empty transcript: the next step, or ideas for a first message. */
export function FirstRun({ step }: { readonly step: StartStep }) {
  return <section class="fill welcome">{step === 'ready' ? <Ideas /> : <NextStep {...welcomes[step]} />}</section>;
}

function NextStep({ title, text, action: [label, action], demo }: Welcome) {
  const panel = usePanel();
  const button = useRef<HTMLElement>(null);
  useFocusBack(panel.picker.isOpen.value, button);
  const act = (): void => {
    if (action === 'models') panel.picker.open();
    else panel.post({ type: 'command.run', command: action });
  };
  return (
    <>
      <Mark />
      <h2>{title}</h2>
      <p>{text}</p>
      <div class="welcome-actions">
        <Button appearance="primary" buttonRef={button} onClick={act}>
          {label}
        </Button>
        {demo && (
          <Button onClick={() => panel.post({ type: 'command.run', command: 'countersign.tryDemo' })}>
            Try the demo
          </Button>
        )}
      </div>
      {demo && (
        <p class="fine-print">
          The demo needs no key and no network: a scripted model fixes a failing test in a sample project.
        </p>
      )}
    </>
  );
}

const ideas: readonly (readonly [icon: IconName, text: string])[] = [
  ['search', 'Explain how this project is built up'],
  ['checkCircle', 'Run the tests and fix what fails'],
  ['edit', 'Find a function without a test and write one'],
];

function Ideas() {
  const panel = usePanel();
  const demo = panel.app.value?.model?.demo === true;
  return (
    <>
      <Mark />
      <h2>What should be done?</h2>
      <p>
        {demo
          ? 'This is the demo: a scripted model on a sample project. Approve what it asks for, or reject it and say why.'
          : 'You see every edit and every command before it happens.'}
      </p>
      <ul class="ideas">
        {ideas.map(([icon, text]) => (
          <li key={text}>
            <button type="button" class="idea" onClick={() => panel.suggest(text)}>
              <Icon name={icon} />
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
