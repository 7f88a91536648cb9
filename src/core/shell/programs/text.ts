import { fine, globEndings, pathChecks, type Finding, type Program, type TreeCheck } from '../grammar';

const grepOptions =
  '-i -v -n -H -h -c -l -L -o -w -x -E -F -G -P -q -s -a -I -e=text -f=path -A=number -B=number -C=number -m=number -# --ignore-case --invert-match --line-number --with-filename --no-filename --count --files-with-matches --files-without-match --only-matching --word-regexp --line-regexp --extended-regexp --fixed-strings --basic-regexp --perl-regexp --quiet --silent --no-messages --text --color[=word] --colour[=word] --after-context=number --before-context=number --context=number --max-count=number --exclude=text --exclude-dir=text -r --recursive --include=glob';

/** Programs that look through text and rearrange it. */
export const textPrograms: Readonly<Record<string, Program>> = {
  cut: {
    options:
      '-b=text -c=text -d=text -f=text -s -z --bytes=text --characters=text --delimiter=text --fields=text --only-delimited --complement --output-delimiter=text',
    operands: 'paths',
  },
  egrep: { options: grepOptions, operands: judgeGrep },
  expand: { options: '-i -t=number --tabs=number', operands: 'paths' },
  fgrep: { options: grepOptions, operands: judgeGrep },
  fold: { options: '-b -s -w=number --spaces --width=number', operands: 'paths' },
  grep: { options: grepOptions, operands: judgeGrep },
  head: {
    options: '-# -n=number -c=number -q -v -z --lines=number --bytes=number --quiet --silent --verbose',
    operands: 'paths',
  },
  paste: { options: '-d=text -s -z --delimiters=text --serial', operands: 'paths' },
  rev: { options: '', operands: 'paths' },
  rg: {
    options:
      '-i -s -S -v -n -N -H -I -c -l -o -w -x -F -P -q -U -a -e=text -f=path -A=number -B=number -C=number -m=number -M=number -d=number -g=glob -t=type -T=word -p -0 -r=text --ignore-case --case-sensitive --smart-case --invert-match --line-number --no-line-number --with-filename --no-filename --count --count-matches --files-with-matches --files-without-match --only-matching --word-regexp --line-regexp --fixed-strings --pcre2 --quiet --multiline --multiline-dotall --regexp=text --after-context=number --before-context=number --context=number --max-count=number --max-columns=number --max-columns-preview --max-depth=number --glob=glob --iglob=glob --type=type --type-not=word --color=word --colors=text --heading --no-heading --column --no-column --trim --stats --files --json --vimgrep --sort=word --sortr=word --replace=text --passthru --crlf --no-messages --type-list --version --no-config --engine=word --null --pretty --text --max-filesize=number --one-file-system --no-follow --no-hidden',
    operands: judgeRipgrep,
  },
  sort: {
    options:
      '-b -c -C -d -f -g -h -i -k=text -M -n -r -s -t=text -u -V -z --ignore-leading-blanks --check[=word] --dictionary-order --ignore-case --general-numeric-sort --human-numeric-sort --key=text --month-sort --numeric-sort --reverse --stable --field-separator=text --unique --version-sort --zero-terminated --sort=word --debug',
    operands: 'paths',
  },
  tac: { options: '-b -s=text --before --separator=text', operands: 'paths' },
  tail: {
    options: '-# -n=number -c=number -q -v -z --lines=number --bytes=number --quiet --silent --verbose',
    operands: 'paths',
  },
  tr: { options: '-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1', operands: 'text' },
  uniq: {
    options:
      '-c -d -D -u -i -z -f=number -s=number -w=number --count --repeated --unique --ignore-case --skip-fields=number --skip-chars=number --check-chars=number --zero-terminated',
    operands: 'onePath',
  },
  wc: { options: '-c -m -l -L -w --bytes --chars --lines --max-line-length --words --total=word', operands: 'paths' },
};

type Given = ReadonlyMap<string, readonly string[]>;
const isRecursive = (given: Given): boolean => given.has('-r') || given.has('--recursive');

/** grep -r looks into every file, hidden ones and keys too, unless it is told how the names of those end that it may open. */
function judgeGrep(operands: readonly string[], given: Given): Finding {
  const paths = given.has('-e') || given.has('-f') ? operands : operands.slice(1);
  if (!isRecursive(given)) return fine(pathChecks(paths));
  const globs = given.get('--include') ?? [];
  // Whatever begins with `!` is a name like any other here.
  const endings = globs.some((glob) => glob.startsWith('!')) ? undefined : globEndings(globs);
  const except = (given.get('--exclude-dir') ?? []).filter((name) => /^[\w.-]+$/.test(name));
  return fine([...pathChecks(paths), ...treeChecks(paths, { all: true, except, ...(endings && { endings }) })]);
}

function judgeRipgrep(operands: readonly string[], given: Given): Finding {
  if (given.has('--version') || given.has('--type-list')) return fine();
  const withoutPattern = given.has('-e') || given.has('--regexp') || given.has('-f') || given.has('--files');
  const paths = withoutPattern ? operands : operands.slice(1);
  if (given.has('--files')) return fine(pathChecks(paths.length === 0 ? ['.'] : paths));
  const endings = globEndings(['-g', '--glob', '--iglob'].flatMap((name) => given.get(name) ?? []));
  return fine([...pathChecks(paths), ...treeChecks(paths, endings && { endings })]);
}

function treeChecks(paths: readonly string[], how?: Omit<TreeCheck, 'kind' | 'path'>): readonly TreeCheck[] {
  const folders = (paths.length === 0 ? ['.'] : paths).filter((path) => path !== '-');
  return folders.map((path) => ({ kind: 'tree', path, ...how }));
}
