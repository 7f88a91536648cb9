import { ask, fine, judgeByGrammar, pathChecks, shown, type Finding, type Program } from '../grammar';
import { filePrograms } from './files';
import { judgeGit } from './git';
import { plainPrograms } from './plain';
import { judgeSed, textPrograms } from './text';

/** What a command's words do, as far as it is known without looking at the disk; undefined: nothing is known of the program. */
export function judgeWords([name = '', ...words]: readonly string[]): Finding | undefined {
  const special = specialPrograms.get(name);
  if (special) return special(words);
  const program = programs.get(name);
  if (program) return judgeByGrammar(name, program, words);
  return versions.get(name)?.includes(words.join(' ')) === true ? fine() : undefined;
}

const programs: ReadonlyMap<string, Program> = new Map(
  Object.entries({ ...plainPrograms, ...filePrograms, ...textPrograms }),
);

const specialPrograms: ReadonlyMap<string, (words: readonly string[]) => Finding | undefined> = new Map<
  string,
  (words: readonly string[]) => Finding | undefined
>([
  ['git', judgeGit],
  ['sed', judgeSed],
  ['echo', () => fine()],
  ['test', judgeTest],
  ['command', judgeLookUp],
  ['type', judgeNames],
]);

/**
 * Programs that only say their version. Those that first look into the workspace for the version to be are not here: yarn and
 * pnpm (yarnPath, packageManager), cargo and rustc (rust-toolchain), go (go.mod).
 */
const versions: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...['node', 'npm', 'tsc'].map((name) => [name, ['--version', '-v']] as const),
  ...['python', 'python3'].map((name) => [name, ['--version', '-V']] as const),
  ...['bash', 'gcc', 'g++', 'clang', 'cmake', 'make', 'docker', 'rg', 'curl'].map(
    (name) => [name, ['--version']] as const,
  ),
  ['java', ['-version', '--version']],
]);

/** A file's kind or whether a text is empty; `-v` would look at variables and run what stands in their index. */
function judgeTest(words: readonly string[]): Finding {
  const [test = '', operand = ''] = words;
  if (words.length === 2 && /^-[defrswxLh]$/.test(test)) return fine(pathChecks([operand]));
  if (words.length === 2 && /^-[nz]$/.test(test)) return fine();
  return ask('test is known with one file and one question only.');
}

function judgeLookUp([option, ...names]: readonly string[]): Finding {
  return option === '-v' || option === '-V' ? judgeNames(names) : ask('command runs what is named after it.');
}

function judgeNames(names: readonly string[]): Finding {
  const odd = names.find((name) => !/^[\w.][\w.+-]*$/.test(name));
  return odd === undefined ? fine() : ask(`${shown(odd)} is not the name of a program.`);
}
