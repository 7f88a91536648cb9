/** The lines of a text that comes in pieces cut anywhere; empty lines and the ends of lines are left out. */
export async function* textLines(pieces: AsyncIterable<string> | Iterable<string>): AsyncIterable<string> {
  let rest: string[] = [];
  for await (const piece of pieces) {
    const [first = '', ...others] = piece.split('\n');
    rest.push(first);
    for (const other of others) {
      const line = withoutReturn(rest.join(''));
      rest = [other];
      if (line !== '') yield line;
    }
  }
  const line = withoutReturn(rest.join(''));
  if (line !== '') yield line;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
