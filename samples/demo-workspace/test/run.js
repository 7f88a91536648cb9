'use strict';
const assert = require('node:assert/strict');
const { lineTotal, subtotal, total } = require('../src/invoice.js');

const lines = [
  { name: 'Desk', quantity: 1, unitPrice: 24900 },
  { name: 'Lamp', quantity: 3, unitPrice: 1550 },
];

const tests = {
  'a line costs quantity times unit price': () => assert.equal(lineTotal(lines[1]), 4650),
  'the subtotal adds up all lines': () => assert.equal(subtotal(lines), 29550),
  'tax is added to the subtotal': () => assert.equal(total(lines, { taxPercent: 19 }), 35165),
  'tax is due on the discounted price': () => assert.equal(total(lines, { discountPercent: 10, taxPercent: 19 }), 31648),
  'an empty invoice costs nothing': () => assert.equal(total([]), 0),
};

let failed = 0;
for (const [name, run] of Object.entries(tests)) {
  try {
    run();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: expected ${error.expected}, got ${error.actual}`);
  }
}
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
