import { strict as assert } from 'node:assert';
import { replaceInText } from '../../../src/core/edits/textEdit';
import { ToolError } from '../../../src/core/errors';
import { randomOf, seed, type Random } from '../../support/random';
import { blankMutations } from './blankMutations';
import { ambiguousMutations, hostileMutations, twinMutations } from './hostileMutations';
import type { Case, Intent, Mutation } from './mutationKinds';
import { mutationSources, type Source } from './mutationSources';

const blocks = 500;
const sources = mutationSources();

describe(`edits as models say them, ${blocks} blocks of real files each (seed ${seed})`, function () {
  this.timeout(60_000);

  for (const [name, mutation] of Object.entries(blankMutations))
    it(`${name}: lands exactly, or is refused now and then`, () => {
      const counts = tried(name, mutation);
      assert.ok(counts.right >= blocks * 0.95, `${counts.right} of ${blocks} right`);
    });

  for (const [name, mutation] of Object.entries(ambiguousMutations))
    it(`${name}: refused, always`, () => {
      assert.equal(tried(name, mutation).right, 0);
    });

  for (const [name, mutation] of Object.entries(hostileMutations))
    it(`${name}: refused, always`, () => {
      const really: Mutation = (intent, random) => {
        const edit = mutation(intent, random);
        // What stands in another place of the file, blanks aside, is a true text of that place.
        const elsewhere = [intent.before, intent.after].map((lines) => squashed(lines.join('\n')));
        return edit && !elsewhere.some((text) => text.includes(squashed(edit.find))) ? edit : undefined;
      };
      assert.equal(tried(name, really).right, 0);
    });

  for (const [name, mutation] of Object.entries(twinMutations))
    it(`${name}: never lands in the twin`, () => {
      const counts = tried(name, mutation);
      assert.ok(counts.right >= blocks * 0.95, `${counts.right} of ${blocks} right`);
    });
});

const squashed = (text: string): string => text.replaceAll(/[ \t\r\u00a0]+/g, '');

interface Counts {
  right: number;
  refused: number;
}

/** Fails with the first edit that is neither right nor refused with what helps to say it right. */
function tried(name: string, mutation: Mutation): Counts {
  const counts: Counts = { right: 0, refused: 0 };
  const random = randomOf(seed + name.length * 7_919);
  for (let tries = 0; counts.right + counts.refused < blocks; tries++) {
    assert.ok(tries < blocks * 200, `only ${counts.right + counts.refused} blocks are of this kind`);
    const edit = mutation(intentIn(random.pick(sources), random), random);
    if (!edit || edit.expected === edit.file) continue;
    const result = resultOf(edit);
    if (result instanceof ToolError) {
      counts.refused += 1;
      assert.match(result.message, /lines? \d|nearest lines:\n\d+: |No line is similar/, result.message);
      assert.ok(result.message.length < 2_000);
    } else {
      assert.equal(
        result,
        edit.expected,
        `wrong: ${JSON.stringify({ ...edit, file: undefined, expected: undefined }, null, 1)}`,
      );
      counts.right += 1;
    }
  }
  console.log(`      ${name}: ${counts.right} right, ${counts.refused} refused, 0 wrong`);
  return counts;
}

function resultOf({ file, find, replacement }: Case): string | ToolError {
  try {
    return replaceInText(file, find, replacement, { replaceAll: false }).text;
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
}

/** A block of two to nine lines that stands once in its file, with an edit that a person could want. */
function intentIn(source: Source, random: Random): Intent {
  const text = source.text.replaceAll('\r\n', '\n');
  const lines = text.split('\n');
  for (;;) {
    const start = random.below(lines.length - 3);
    const block = lines.slice(start, Math.min(start + 2 + random.below(8), lines.length - 1));
    const words = block.join('').match(/[A-Za-z]{3,}/g) ?? [];
    const edges = [block[0] ?? '', block.at(-1) ?? ''];
    if (block.length < 2 || words.length < 3 || edges.some((line) => line.trim() === '')) continue;
    const joined = block.join('\n');
    if (text.split(joined).length !== 2) continue;
    const unit = /^\t/m.test(text) ? '\t' : /^ {4}\S/m.test(text) && !/^ {2}\S/m.test(text) ? '    ' : '  ';
    const intent = { before: lines.slice(0, start), block, after: lines.slice(start + block.length), unit };
    return { ...intent, edited: editedBlock(block, unit, random) };
  }
}

function editedBlock(block: readonly string[], unit: string, random: Random): Intent['edited'] {
  const kept = block.map((line, from) => ({ line, from }));
  const solid = [...block.keys()].filter((index) => /[A-Za-z]{3,}/.test(block[index] ?? ''));
  const at = random.pick(solid);
  const line = block[at] ?? '';
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const renamed = { line: line.replace(/[A-Za-z]{3,}/, 'renamed$&') };
  switch (random.below(5)) {
    case 0:
      return kept.toSpliced(at + 1, 0, { line: `${indent}added(first, 42);` } as (typeof kept)[number]);
    case 1:
      return kept.toSpliced(at, 1);
    case 2:
      if (!/[{:]$/.test(line)) break;
      return kept.toSpliced(at + 1, 0, { line: `${indent}${unit}deeper(first);` } as (typeof kept)[number]);
    case 3:
      return kept.toSpliced(at, 1, ...([renamed, { line: `${indent}second(42);` }] as (typeof kept)[number][]));
  }
  return kept.toSpliced(at, 1, renamed as (typeof kept)[number]);
}
