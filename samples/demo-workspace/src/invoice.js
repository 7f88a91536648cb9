'use strict';

/** The price of one line, in cents. */
function lineTotal(line) {
  return line.quantity * line.unitPrice;
}

/** The sum of all lines, in cents. */
function subtotal(lines) {
  return lines.reduce((sum, line) => sum + lineTotal(line), 0);
}

/** What the customer pays, in cents: the discount comes off first, tax is due on the rest. */
function total(lines, { discountPercent = 0, taxPercent = 0 } = {}) {
  const net = subtotal(lines);
  const discount = net * (discountPercent / 100);
  const tax = net * (taxPercent / 100);
  return Math.round(net - discount + tax);
}

module.exports = { lineTotal, subtotal, total };
