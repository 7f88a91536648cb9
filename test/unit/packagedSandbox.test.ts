import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

/** The entries of a zip with the mode of each file, from its central directory. */
function entriesOf(file: string): ReadonlyMap<string, number> {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('PK\x05\x06');
  const entries = new Map<string, number>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const start = at + 46;
    entries.set(bytes.toString('utf8', start, start + (name ?? 0)), bytes.readUInt32LE(at + 38) >>> 16);
    at = start + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

describe('The packed extension and its sandbox for commands', () => {
  const sandbox = [...entriesOf('build/countersign.vsix')].filter(([name]) => name.includes('dist/sandbox/'));

  it('holds its program and, of the package, only the helpers for Linux', () => {
    const names = sandbox.map(([name]) => name.replace('extension/dist/sandbox/', ''));
    assert.deepEqual(names.sort(), ['sandboxRuntime.mjs', 'seccomp/arm64/apply-seccomp', 'seccomp/x64/apply-seccomp']);
  });

  it('keeps the helpers executable', () => {
    const modes = sandbox.filter(([name]) => name.includes('seccomp')).map(([, mode]) => mode & 0o111);
    assert.deepEqual(modes, [0o111, 0o111]);
  });
});
