import { signal, type ReadonlySignal } from '@preact/signals';
import type { ModelChoice, ModelTest } from '../../core/protocol/models';
import type { HostMessage, Op } from '../../core/protocol/ops';
import type { Later } from './later';
import { randomId } from './randomId';

export type TestState =
  | { readonly kind: 'running'; readonly choice: ModelChoice }
  | { readonly kind: 'ended'; readonly choice: ModelChoice; readonly result: ModelTest };

/** One small real request to a model, and what came of it. */
export interface ConnectionTest {
  readonly state: ReadonlySignal<TestState | undefined>;
  readonly start: (choice: ModelChoice) => void;
  /** What is still to come is of no interest any more. */
  readonly forget: () => void;
  readonly receive: (message: Extract<HostMessage, { type: 'modelTested' }>) => void;
}

/** The host ends its tests before that; this is the end of the spinner if it cannot even say so. */
const silenceMs = 130_000;

const noAnswer: ModelTest = {
  ...{ ok: false, code: 'timeout', message: 'Nothing came back from the test.' },
  advice: 'Try it again. If that does not help, the log says more.',
};

export function createConnectionTest(post: (op: Op) => void, later: Later): ConnectionTest {
  const state = signal<TestState | undefined>(undefined);
  let testId = '';
  let callOff = (): void => undefined;
  const forget = (): void => {
    callOff();
    testId = '';
    state.value = undefined;
  };
  return {
    ...{ state, forget },
    start(choice) {
      forget();
      testId = randomId();
      state.value = { kind: 'running', choice };
      callOff = later(() => (state.value = { kind: 'ended', choice, result: noAnswer }), silenceMs);
      post({ type: 'model.test', testId, choice });
    },
    receive(message) {
      if (message.testId !== testId || !state.value) return;
      callOff();
      state.value = { kind: 'ended', choice: state.value.choice, result: message.result };
    },
  };
}
