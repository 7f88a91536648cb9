import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { isSameModel, type ModelChoice, type ModelsView, type VendorView } from '../../core/protocol/models';
import type { HostMessage, Op } from '../../core/protocol/ops';
import type { AppView, SessionView } from '../../core/protocol/view';
import { createConnectionTest, type ConnectionTest } from './connectionTest';
import { laterByTimer, type Later } from './later';
import { modelEntries, type PickerEntry } from './modelEntries';

/** All models, or one vendor with its keys. `wanted`: the model for which the vendor is being set up. */
export type PickerPlace =
  | { readonly kind: 'models' }
  | {
      readonly kind: 'vendor';
      readonly vendor: string;
      readonly wanted?: string;
      /** The current key does not work: another takes its place. */
      readonly changeKey?: true;
    };

/** The open model picker. A key passes through it to the host and is not kept. */
export interface ModelPicker {
  readonly isOpen: ReadonlySignal<boolean>;
  readonly place: ReadonlySignal<PickerPlace>;
  /** The last that the host told; undefined before. */
  readonly models: ReadonlySignal<ModelsView | undefined>;
  readonly entries: ReadonlySignal<readonly PickerEntry[]>;
  /** The vendor whose page is shown. */
  readonly vendor: ReadonlySignal<VendorView | undefined>;
  /** Whether answers are still to come. */
  readonly waiting: ReadonlySignal<boolean>;
  readonly query: Signal<string>;
  /** Whether the chosen model is for new sessions too. */
  readonly alsoNew: Signal<boolean>;
  /** Whether there is a choice: without a session or a standard model it always is for new ones too. */
  readonly canBeForOne: ReadonlySignal<boolean>;
  readonly test: ConnectionTest;
  /** With a vendor: to give it another key. */
  readonly open: (vendor?: string) => void;
  readonly close: () => void;
  readonly showVendor: (vendor: string, wanted?: string) => void;
  readonly showModels: () => void;
  readonly unfold: (vendor: string) => void;
  /** Uses a model and closes. */
  readonly use: (choice: ModelChoice) => void;
  readonly setFavourite: (choice: ModelChoice, on: boolean) => void;
  readonly setKey: (vendor: string, name: string, key: string) => void;
  readonly receive: (message: Extract<HostMessage, { type: 'models' | 'modelTested' }>) => void;
}

interface PickerPorts {
  readonly post: (op: Op) => void;
  readonly app: ReadonlySignal<AppView | undefined>;
  readonly session: ReadonlySignal<SessionView | undefined>;
  readonly later?: Later | undefined;
}

/** Nothing was heard for so long: the list is not shown as coming any more. */
const silenceMs = 10_000;

export function createModelPicker({ post, app, session, later = laterByTimer }: PickerPorts): ModelPicker {
  const isOpen = signal(false);
  const place = signal<PickerPlace>({ kind: 'models' });
  const models = signal<ModelsView | undefined>(undefined);
  const silent = signal(false);
  const query = signal('');
  const expanded = signal<ReadonlySet<string>>(new Set());
  const alsoNew = signal(false);
  const test = createConnectionTest(post, later);
  let callOffSilence = (): void => undefined;
  const canBeForOne = computed(() => target(app.value) !== undefined && app.value?.model !== undefined);
  const go = (next: PickerPlace): void => {
    test.forget();
    place.value = next;
  };
  const close = (): void => {
    if (!isOpen.value) return;
    isOpen.value = false;
    callOffSilence();
    test.forget();
    post({ type: 'models.close' });
  };
  return {
    ...{ isOpen, place, models, query, alsoNew, canBeForOne, test, close },
    ...createDeeds({ post, app, models, alsoNew, canBeForOne, test, close }),
    waiting: computed(() => !silent.value && isComing(models.value)),
    vendor: computed(() => vendorAt(models.value, place.value)),
    entries: computed(() => {
      if (!models.value) return [];
      const input = { models: models.value, query: query.value, current: app.value?.model };
      return modelEntries({
        ...input,
        recent: models.value.recent ?? usedModels(app.value, session.value),
        expanded: expanded.value,
      });
    }),
    open(vendor) {
      go(vendor === undefined ? { kind: 'models' } : { kind: 'vendor', vendor, changeKey: true });
      if (isOpen.value) return;
      query.value = '';
      alsoNew.value = false;
      expanded.value = new Set();
      silent.value = false;
      isOpen.value = true;
      callOffSilence = later(() => (silent.value = true), silenceMs);
      post({ type: 'models.open' });
    },
    showVendor(vendor, wanted) {
      go({ kind: 'vendor', vendor, ...(wanted !== undefined && { wanted }) });
      if (isListedWithKey(vendorAt(models.value, place.value))) post({ type: 'models.list', vendor });
    },
    showModels: () => go({ kind: 'models' }),
    unfold: (vendor) => (expanded.value = new Set([...expanded.value, vendor])),
    receive(message) {
      if (message.type === 'modelTested') test.receive(message);
      else models.value = message.models;
    },
  };
}

type DeedParts = Pick<ModelPicker, 'alsoNew' | 'canBeForOne' | 'test' | 'close'> &
  Pick<PickerPorts, 'post' | 'app'> & { readonly models: Signal<ModelsView | undefined> };

/** What a person does in the open picker. */
function createDeeds(parts: DeedParts): Pick<ModelPicker, 'use' | 'setFavourite' | 'setKey'> {
  const { post, app, models, alsoNew, canBeForOne, test, close } = parts;
  return {
    use(choice) {
      const sessionId = target(app.peek());
      const standard = alsoNew.value || !canBeForOne.value;
      post({ type: 'model.use', ...(sessionId && { sessionId }), choice, standard });
      close();
    },
    setFavourite(choice, on) {
      if (models.value) models.value = withFavourite(models.value, choice, on);
      post({ type: 'model.favourite', choice, on });
    },
    setKey(vendor, name, key) {
      test.forget();
      post({ type: 'key.set', vendor, name, key });
    },
  };
}

/** The session that a choice is for: the shown one, where it can be written. */
function target(app: AppView | undefined): AppView['activeSessionId'] {
  return app?.readOnly ? undefined : app?.activeSessionId;
}

function isComing(models: ModelsView | undefined): boolean {
  return !models || models.vendors.some((vendor) => vendor.list === 'asking');
}

/** Whoever answered on this machine is not sent a key before a person wants to see its page. */
function isListedWithKey(vendor: VendorView | undefined): boolean {
  return vendor?.kind === 'local' && vendor.found === true && vendor.keys.length > 0 && vendor.list === 'known';
}

function vendorAt(models: ModelsView | undefined, place: PickerPlace): VendorView | undefined {
  return place.kind === 'vendor' ? models?.vendors.find((vendor) => vendor.id === place.vendor) : undefined;
}

/** What this session and today's other sessions have used, for a host that keeps no list of its own. */
function usedModels(app: AppView | undefined, session: SessionView | undefined): readonly ModelChoice[] {
  const used: readonly ModelChoice[] = [
    ...(app?.model && !app.model.demo ? [app.model] : []),
    ...(session?.spending ?? []).toReversed(),
    ...(app?.today ?? []).toReversed(),
  ];
  return used.filter((choice, index) => used.findIndex((one) => isSameModel(one, choice)) === index);
}

function withFavourite(models: ModelsView, choice: ModelChoice, on: boolean): ModelsView {
  const others = models.favourites.filter((one) => !isSameModel(one, choice));
  return { ...models, favourites: on ? [...others, choice] : others };
}
