import type { Page } from 'playwright-core';
import type { ModelsView } from '../../src/core/protocol/models';
import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { groq, noModels, openai, someModels, spentToday } from './modelFixtures';
import type { SessionState } from './sessionStates';
import { begun, editDone, investigated, snapshot, vendorModel, withoutModel } from './states';

/** A host with these models, whose tests of a connection end so. */
const host =
  (models: ModelsView, passes = true) =>
  (op: Op): HostMessage | undefined => {
    if (op.type === 'models.open') return { type: 'models', models };
    if (op.type !== 'model.test') return undefined;
    return {
      type: 'modelTested',
      testId: op.testId,
      result: passes
        ? {
            ...{ ok: true, model: op.choice.model, firstMs: 640, totalMs: 1180, windowTokens: 200_000 },
            price: { input: 3, output: 15 },
          }
        : {
            ...{ ok: false, code: 'authentication', message: 'Anthropic refused the API key (401).' },
            advice: 'Set a valid key, then test again.',
          },
    };
  };

export const openPicker = async (page: Page): Promise<void> => {
  await page.locator('button.model').click();
  await page.locator('.session-row').first().waitFor();
};

async function openVendor(page: Page, name: RegExp): Promise<void> {
  await openPicker(page);
  await page.getByRole('searchbox').fill(name.source);
  await page.locator('.vendor-row').getByRole('button', { name }).click();
}

const compacted = () =>
  editDone()
    .user('Now do the same for the shop in Zürich, and for the one in Basel.')
    .compacting({ phase: 'start', reason: 'automatic', tokensBefore: 148_200 })
    .compacting({
      ...{
        phase: 'end',
        reason: 'automatic',
        tokensBefore: 148_200,
        tokensAfter: 12_400,
        ratio: 0.084,
        messageCount: 6,
      },
      summary: '## Task\n\nKeep the sign of prices.\n\n- `parsePrice` keeps it now\n- all 5 tests pass',
    })
    .modelChanged('claude-sonnet-4-5', 'high')
    .answer('I look at how the two shops read their prices.')
    .compacting({ phase: 'start', reason: 'asked', tokensBefore: 82_000 })
    .compacting({
      ...{ phase: 'failed', reason: 'asked' },
      error: {
        ...{ code: 'service_unavailable', message: 'Anthropic is overloaded (529).', retryable: true },
        advice: 'The conversation goes on as it was.',
      },
    })
    .modelChanged('maker-3/model-3-instruct-with-a-rather-long-name')
    .compacting({ phase: 'start', reason: 'asked', tokensBefore: 82_000 });

const usedUp = () =>
  investigated()
    .usage(30_000, 2_100, 0, undefined, 'maker-3/model-3-instruct-with-a-rather-long-name')
    .context(141_000)
    .event({
      ...{ channel: 'monitor', type: 'budget_warning', scope: 'session', unit: 'usd', level: 'near' },
      ...{ spent: 0.41, budget: 0.5 },
    })
    .done('failed', {
      ...{
        code: 'stream_cut',
        message: 'anthropic:claude-sonnet-4-5 ended its answer in the middle.',
        retryable: true,
      },
      advice: 'Send the message again. If it happens often, check the connection or choose another model.',
    });

/** Ends that have something to do, and those before that are history. */
const limits = () =>
  begun()
    .done('budget', {
      ...{ code: 'budget', retryable: false },
      message: "The next request would pass this session's budget: $0.48 of $0.50 are spent.",
      advice: 'Raise the budget and send a message to go on.',
    })
    .user('Go on.')
    .done('failed', {
      ...{ code: 'context_length', retryable: false },
      message: 'The conversation is longer than the window of claude-sonnet-4-5 (200k tokens).',
      advice: 'Compact the conversation or begin a new session.',
    })
    .user('Try qwen3-coder.')
    .done('budget', {
      ...{ code: 'price_unknown', retryable: false },
      message: 'The price of qwen3-coder is unknown, so the budget of $0.50 cannot be kept.',
      advice: 'Set its price in the settings, choose another model or set a budget in tokens.',
    });

/** Each state of models, usage and failures that must look right, by the name of its screenshot. */
export const modelStates: Readonly<Record<string, SessionState>> = {
  models: {
    message: () => snapshot(begun().view, { today: spentToday }),
    ...{ answer: host(someModels), prepare: openPicker },
  },
  modelsEnd: {
    message: () => snapshot(begun().view),
    answer: host(someModels),
    async prepare(page) {
      await openPicker(page);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('End');
      await page.getByRole('button', { name: /^Custom/ }).waitFor();
    },
  },
  firstModel: {
    message: () => withoutModel({}),
    answer: host(noModels),
    async prepare(page) {
      await page.getByRole('button', { name: 'Choose a model' }).click();
      await page.getByRole('button', { name: /^OpenAI/ }).click();
    },
  },
  vendorTested: {
    message: () => snapshot(begun().view),
    answer: host(someModels),
    async prepare(page) {
      await openVendor(page, /Anthropic/);
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.locator('.notice.good').waitFor();
    },
  },
  vendorRefused: {
    message: () => snapshot(begun().view),
    answer: host({ ...someModels, vendors: [groq, openai] }, false),
    async prepare(page) {
      await openVendor(page, /Groq/);
      await page.getByRole('textbox', { name: 'Model' }).fill('llama-3.3-70b');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.locator('.test-result .notice').waitFor();
      await page.getByRole('button', { name: /^Remove the key/ }).click();
    },
  },
  compaction: { message: () => snapshot(compacted().context(82_000).view) },
  usage: {
    message: () =>
      snapshot(usedUp().view, {
        today: spentToday,
        budgets: { session: { usd: 0.5 }, day: { usd: 5, tokens: 2_000_000 } },
        model: { ...vendorModel, effort: 'high' },
      }),
    prepare: (page) => page.getByRole('button', { name: /^Tokens/ }).click(),
  },
  limits: { message: () => snapshot(limits().view) },
};
