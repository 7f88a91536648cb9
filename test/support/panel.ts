import { strict as assert } from 'node:assert';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import type { VsCodeWindow } from './vscodeWindow';

/** A fresh copy of the sample project, in a temporary folder. */
export function sampleCopy(): string {
  const folder = join(temporaryFolder('sample'), 'invoice-demo');
  cpSync(join(process.cwd(), 'samples/demo-workspace'), folder, { recursive: true });
  return folder;
}

/** The panel as a person uses it: by what they read, never by class names. */
export class Panel {
  readonly #frame: FrameLocator;

  constructor(frame: FrameLocator) {
    this.#frame = frame;
  }

  static async open(window: VsCodeWindow): Promise<Panel> {
    return new Panel(await window.webview('Countersign'));
  }

  get composer(): Locator {
    return this.#frame.getByRole('textbox', { name: /message/i });
  }

  get transcript(): Locator {
    return this.#frame.getByRole('log');
  }

  button(name: string | RegExp): Locator {
    return this.#frame.getByRole('button', { name });
  }

  field(label: string | RegExp): Locator {
    return this.#frame.getByLabel(label);
  }

  text(text: string | RegExp): Locator {
    return this.#frame.getByText(text).last();
  }

  /** Waits until the composer holds this text. */
  async holds(text: string | RegExp, timeoutMs = 20_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const held = await this.composer.inputValue({ timeout: timeoutMs });
      if (typeof text === 'string' ? held === text : text.test(held)) return;
      assert.ok(Date.now() < deadline, `the composer holds ${JSON.stringify(held)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Waits for a question that shows this, and answers it. */
  async answer(shown: string | RegExp, button: string | RegExp): Promise<void> {
    await this.text(shown).waitFor();
    await this.button(button).last().click();
  }

  /** Answers the last question: yes, and not again in this session. */
  async allowForSession(): Promise<void> {
    await this.button('Don’t ask again').last().click();
    await this.button(/for this session/i)
      .last()
      .click();
  }

  /** Approves whatever is asked until this is shown. @returns how many questions that took */
  async approveUntil(text: string): Promise<number> {
    const approve = this.button(/^Approve/).last();
    for (let approvals = 0; ; approvals++) {
      await approve.or(this.text(text)).first().waitFor({ timeout: 20_000 });
      const button = (await this.text(text).isVisible()) ? null : await approve.elementHandle();
      if (!button) return approvals;
      await button.click();
      await button.waitForElementState('hidden');
    }
  }

  async shows(text: string | RegExp, timeoutMs = 20_000): Promise<void> {
    await this.text(text).waitFor({ timeout: timeoutMs });
  }

  /** An entry of the menu that is open. */
  item(name: string | RegExp): Locator {
    return this.#frame.getByRole('menuitemradio', { name });
  }

  /** Waits until the text stands nowhere in the panel. */
  async showsNotAnywhere(text: string | RegExp): Promise<void> {
    await this.#frame.getByText(text).first().waitFor({ state: 'detached', timeout: 20_000 });
  }

  /** Waits until the text is gone from the transcript. */
  async showsNot(text: string | RegExp): Promise<void> {
    await this.transcript.getByText(text).first().waitFor({ state: 'detached', timeout: 5_000 });
  }
}
