import type { Page } from 'playwright-core';

/** Resolves when frames, the list's measuring and the arming of buttons are done. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    Array.from(document.querySelectorAll('.approval vscode-button[disabled]:not(.unread)')).every((button) => {
      const { top, bottom } = button.getBoundingClientRect();
      return bottom > innerHeight || top < 0;
    }),
  );
  await drawn(page);
}

/** Resolves when the list has measured its rows and drawn them where they belong. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
}
