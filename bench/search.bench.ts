import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { LocalSandbox } from '../src/node/localSandbox';
import { ripgreps } from '../test/support/ripgrep';
import { median, ms, say, timed, times, title } from './figures';

const folderCount = 500;
const filesPerFolder = 100;
const rounds = 7;
const signal = new AbortController().signal;

/** What is asked, of ripgrep itself and through us. Limits as the tools give them by default. */
const questions = [
  { name: 'glob of all *.ts', glob: '**/*.ts', raw: ['--files', '--glob', '*.ts'] },
  { name: 'glob of one name', glob: '**/file42.ts', raw: ['--files', '--glob', 'file42.ts'] },
  { name: 'grep of a rare text', text: 'needle', raw: ['--line-number', '--fixed-strings', 'needle'] },
  { name: 'grep of a text in every file', text: 'handler', raw: ['--line-number', '--max-count=1', 'handler'] },
  { name: 'grep of an expression', regex: '\\bneedle\\w* is here$', raw: ['--line-number', '\\bneedle\\w* is here$'] },
] as const;

type Question = (typeof questions)[number];

async function main(): Promise<void> {
  const ripgrep = ripgreps[0];
  if (!ripgrep) throw new Error('No ripgrep: run npm test once, its VS Code for tests brings one along.');
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-')));
  try {
    writeTree(folder);
    title(`${folderCount * filesPerFolder} files; ratios to ripgrep itself in the same run, medians of ${rounds}`);
    for (const question of questions) {
      // In turn, so that what else the machine does is the same for all.
      const elapsed: { raw: number[]; ours: number[]; walk: number[] } = { raw: [], ours: [], walk: [] };
      const ask = {
        ours: new LocalSandbox({ workDir: folder, ripgrep: ripgrep.option }),
        walk: new LocalSandbox({ workDir: folder, ripgrep: false }),
      };
      await answer(ask.ours, question);
      for (let round = 0; round < rounds; round++) {
        const options = { cwd: folder, maxBuffer: 1024 ** 3 };
        elapsed.raw.push(
          (await timed(() => promisify(execFile)(ripgrep.file, ['--no-config', ...question.raw, './'], options)))
            .elapsedMs,
        );
        elapsed.ours.push((await timed(() => answer(ask.ours, question))).elapsedMs);
        if (round < 3) elapsed.walk.push((await timed(() => answer(ask.walk, question))).elapsedMs);
      }
      const raw = median(elapsed.raw);
      say(`${question.name}: ripgrep itself`, ms(raw));
      say(
        `${question.name}: with ripgrep`,
        `${ms(median(elapsed.ours))} ${times(median(elapsed.ours) / raw)}`,
        '1.30x',
      );
      say(`${question.name}: our own walk`, `${ms(median(elapsed.walk))} ${times(median(elapsed.walk) / raw)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answer({ search }: LocalSandbox, question: Question): Promise<void> {
  if ('glob' in question) await search.glob({ pattern: question.glob, cwd: undefined, dot: false, limit: 200 }, signal);
  else {
    const pattern = 'text' in question ? question.text : question.regex;
    const request = { pattern, regex: 'regex' in question, caseSensitive: true, limit: 200 };
    await search.grep({ ...request, path: undefined, glob: undefined }, signal);
  }
}

/** Source-like text, 4 KB a file. */
function writeTree(folder: string): void {
  writeFileSync(path.join(folder, '.gitignore'), 'dist\n*.log\n');
  const words = 'alpha beta gamma delta function return const import export value index request response handler'.split(
    ' ',
  );
  for (let folderIndex = 0; folderIndex < folderCount; folderIndex++) {
    const below = path.join(folder, `package${folderIndex % 25}`, `src${folderIndex}`, 'deep');
    mkdirSync(below, { recursive: true });
    for (let file = 0; file < filesPerFolder; file++) {
      const line = (index: number): string =>
        Array.from(
          { length: 8 },
          (_, place) => words[(folderIndex * 7 + file * 3 + index * place) % words.length],
        ).join(' ');
      const rare = file === 7 && folderIndex % 50 === 0 ? 'needle is here\n' : '';
      const text = `${Array.from({ length: 75 }, (_, index) => line(index)).join('\n')}\n${rare}`;
      writeFileSync(path.join(below, `file${file}.${file % 2 === 0 ? 'ts' : 'js'}`), text);
    }
  }
}

void main();
