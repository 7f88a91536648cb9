import { ask, fine, pathChecks, shown, type Finding, type Program } from '../grammar';

/** Programs that show names, sizes and contents of files. */
export const filePrograms: Readonly<Record<string, Program>> = {
  cat: {
    options:
      '-A -b -e -E -n -s -t -T -u -v --number --number-nonblank --show-all --show-ends --squeeze-blank --show-tabs',
    operands: 'paths',
  },
  cksum: { options: '', operands: 'paths' },
  cmp: { options: '-s -b -l -n=number --silent --quiet --verbose --bytes=number', operands: 'twoFiles' },
  comm: { options: '-1 -2 -3 -i --check-order --nocheck-order', operands: 'twoFiles' },
  diff: {
    options:
      '-u -U=number -c -C=number -q -s -i -w -b -B -a -y -W=number -N --unified[=number] --context[=number] --brief --side-by-side --width=number --color[=word] --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines --strip-trailing-cr --suppress-common-lines --report-identical-files --text',
    operands: 'twoFiles',
  },
  du: {
    options:
      '-a -b -c -d=number -h -k -m -s -x -S --all --apparent-size --bytes --total --human-readable --max-depth=number --summarize --si --exclude=text --one-file-system',
    operands: 'paths',
  },
  file: {
    options: '-b -i -I -h -k -N -r -0 --brief --mime --mime-type --mime-encoding --no-dereference',
    operands: 'paths',
  },
  find: { options: '', operands: judgeFind, strict: true },
  ls: {
    options:
      '-a -A -b -B -c -C -d -f -F -g -G -h -i -k -l -m -n -N -o -p -q -Q -r -R -s -S -t -T=number -u -U -v -w=number -x -X -1 --all --almost-all --author --classify --color[=word] --directory --format=word --full-time --group-directories-first --human-readable --indicator-style=word --inode --no-group --numeric-uid-gid --recursive --reverse --size --sort=word --time=word --time-style=text --width=number',
    operands: 'paths',
  },
  md5sum: { options: '-b -t -z --tag', operands: 'paths' },
  nl: { options: '-b=word -w=number -s=text -n=word -v=number -i=number', operands: 'paths' },
  od: { options: '-A=word -b -c -d -x -o -v -j=number -N=number -t=text -w=number', operands: 'paths' },
  readlink: {
    options: '-f -e -m -n -z --canonicalize --canonicalize-existing --canonicalize-missing',
    operands: 'paths',
  },
  realpath: {
    options: '-e -m -P -q -s -z --canonicalize-existing --canonicalize-missing --no-symlinks',
    operands: 'paths',
  },
  sha1sum: { options: '-b -t -z --tag', operands: 'paths' },
  sha256sum: { options: '-b -t -z --tag', operands: 'paths' },
  shasum: { options: '-a=number -b -t', operands: 'paths' },
  stat: { options: '-c=text -f -t -x --format=text --printf=text --terse --file-system', operands: 'paths' },
  tree: {
    options:
      '-a -d -f -i -s -h -p -u -g -D -F -n -C -L=number -I=text -P=text -r -t --dirsfirst --noreport --du --prune --gitignore --filelimit=number',
    operands: 'paths',
  },
};

const textOptions =
  '-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -user -group -printf -regextype -fstype -newermt -newerct -newerat';
const countOptions =
  '-maxdepth -mindepth -mtime -mmin -atime -amin -ctime -cmin -size -perm -links -inum -uid -gid -type -xtype';
const pathOptions = '-newer -anewer -cnewer -samefile';
const plainOptions =
  '-a -and -o -or -not ! ( ) , -print -print0 -prune -quit -empty -depth -d -mount -xdev -true -false -readable -writable -executable -noleaf -nouser -nogroup -daystart -ignore_readdir_race -noignore_readdir_race -ls -nowarn -warn';
const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const [texts, counts, paths, plain] = [set(textOptions), set(countOptions), set(pathOptions), set(plainOptions)];

const acting: ReadonlyMap<string, string> = new Map([
  ...['-exec', '-execdir', '-ok', '-okdir'].map((name) => [name, 'runs another program'] as const),
  ['-delete', 'deletes what it finds'],
  ...['-fprint', '-fprint0', '-fprintf', '-fls'].map((name) => [name, 'writes to a file'] as const),
]);

/** find's words: where to look, then an expression of tests and actions that only show. */
function judgeFind(words: readonly string[]): Finding {
  const begin = words.findIndex((word) => /^[-(!,]/.test(word));
  const starts = begin < 0 ? words : words.slice(0, begin);
  const read = [...starts];
  const expression = begin < 0 ? [] : words.slice(begin);
  for (let at = 0; at < expression.length; at += 1) {
    const word = expression[at] ?? '';
    if (plain.has(word)) continue;
    const act = acting.get(word);
    if (act !== undefined) return ask(`\`${word}\` of find ${act}.`);
    if (!texts.has(word) && !counts.has(word) && !paths.has(word))
      return ask(`${shown(word)} of find is not on the list of what only reads.`);
    at += 1;
    const value = expression[at];
    if (value === undefined) return ask(`The value of ${word} is missing.`);
    if (counts.has(word) && !/^[-+/]?[\w,=+]+$/.test(value))
      return ask(`It is not known what ${word} of find does with ${shown(value)}.`);
    if (paths.has(word)) read.push(value);
  }
  return fine(pathChecks(read.length === 0 ? ['.'] : read));
}
