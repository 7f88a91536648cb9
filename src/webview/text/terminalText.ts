// Built from a string so that no control character stands in the source.
const sequences = new RegExp(
  [
    '\\u001b\\[[0-?]*[ -/]*(?:[@-~]|$)', // CSI: colours, cursor moves, and one that was cut off
    '\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?', // OSC, DCS and the other strings: titles, links
    '\\u001b[@-Z\\\\-_]?', // two-character escapes
  ].join('|'),
  'g',
);
const otherControls = /(?![\t\n\r])\p{Cc}/gu;

/** A program's output as plain lines: escape sequences dropped, a lone carriage return overwrites its line as a terminal would. */
export function terminalText(output: string): string {
  const plain = output.replace(sequences, '').replaceAll('\r\n', '\n').replace(otherControls, '');
  if (!plain.includes('\r')) return plain;
  return plain.split('\n').map(lastOverwrite).join('\n');
}

function lastOverwrite(line: string): string {
  return line.split('\r').reduce((shown, next) => next + shown.slice(next.length), '');
}
