import { ask, fine, shown, type Finding, type Program } from '../grammar';

/** Commands that show something about the machine, or compute with their words. */
export const plainPrograms: Readonly<Record<string, Program>> = {
  arch: { options: '', operands: 'none' },
  basename: { options: '-a -s=text -z --multiple --suffix=text --zero', operands: 'text' },
  date: {
    options: '-u -R -d=text --utc --universal --rfc-email -I[=word] --iso-8601[=word] --rfc-3339=word --date=text',
    // Anything but a format would set the clock.
    operands: (operands) => {
      const other = operands.find((operand) => !operand.startsWith('+'));
      return other === undefined ? fine() : ask(`date sets the clock with ${shown(other)}.`);
    },
  },
  df: { options: '-a -h -H -i -k -l -P -T -t=word --human-readable --total --local --inodes', operands: 'paths' },
  dirname: { options: '-z --zero', operands: 'text' },
  false: { options: '', operands: 'text' },
  free: { options: '-b -k -m -g -h -t -w --human --total', operands: 'none' },
  groups: { options: '', operands: 'none' },
  hostname: { options: '', operands: 'none' },
  id: { options: '-u -g -G -n -r -z --user --group --groups --name --real', operands: 'none' },
  nproc: { options: '--all --ignore=number', operands: 'none' },
  printf: { options: '', operands: judgePrintf, strict: true },
  pwd: { options: '-L -P', operands: 'none' },
  seq: { options: '-w -s=text --equal-width --separator=text', operands: judgeSeq },
  true: { options: '', operands: 'text' },
  uname: {
    options: '-a -s -n -r -v -m -p -i -o --all --kernel-name --nodename --kernel-release --machine --operating-system',
    operands: 'none',
  },
  uptime: { options: '-p -s --pretty --since', operands: 'none' },
  which: { options: '-a', operands: judgeNames },
  whoami: { options: '', operands: 'none' },
};

/** `%n` and `-v` assign a variable, and a name like `a[$(…)]` runs what stands in it. */
function judgePrintf([format = '', ...values]: readonly string[]): Finding {
  const harmless = /^(?:[^%]|%%|%[-+ 0#]{0,4}\d{0,3}(?:\.\d{1,3})?[bcdiosuxXq])*$/.test(format);
  if (!harmless) return ask(`The format ${shown(format)} of printf can set a variable.`);
  // A number may be a variable with an index that runs something.
  const odd = /%[-+ 0#]*[\d.]*[diouxX]/.test(format) && values.find((value) => !/^[+-]?\d*$/.test(value));
  return typeof odd === 'string' ? ask(`printf computes ${shown(odd)}.`) : fine();
}

function judgeSeq(operands: readonly string[]): Finding {
  const sizes = operands.every((operand) => /^\d{1,6}$/.test(operand));
  return sizes ? fine() : ask('seq is known with small whole numbers only.');
}

function judgeNames(names: readonly string[]): Finding {
  const odd = names.find((name) => !/^[\w.+-]+$/.test(name));
  return odd === undefined ? fine() : ask(`${shown(odd)} is not the name of a program.`);
}
