import { ask, shown, type Finding } from '../grammar';
import type { PackageCall } from '../packageScripts';

/** Why a command that is not on the lists is asked. Whatever is not known to leave the workspace's code alone may run it. */
export function whyUnknown([name = '', ...words]: readonly string[], call: PackageCall | undefined): Finding {
  if (call?.kind === 'script') return ask(`It runs the script ${shown(call.call.script)} of package.json.`);
  if (call)
    return ask(`${shown([name, ...words.slice(0, 1)].join(' '))} runs code of packages that it may download first.`);
  const base = name.slice(name.lastIndexOf('/') + 1);
  const effect = onlyFiles.get(base);
  if (effect !== undefined && base === name) return ask(`${shown(name)} ${effect}.`, false);
  if (wrappers.has(base)) return ask(`${shown(name)} runs another program.`);
  if (/^((ba|z|da|k|fi)?sh|python[\d.]*|node|deno|perl|ruby|php|lua|awk|gawk|mawk|sed|vim?|less|man)$/.test(base))
    return ask(`${shown(name)} can run whatever it is told to.`);
  if (name.includes('/')) return ask(`${shown(name)} runs a program by its path.`);
  return ask(`${shown(name)} is not on the list of programs that only read.`);
}

const wrappers: ReadonlySet<string> = new Set(
  'env timeout nohup xargs nice ionice stdbuf setsid time watch command exec eval builtin sudo su doas chroot unshare strace ltrace script parallel flock ssh busybox source .'.split(
    ' ',
  ),
);

/** They change files, or end something, and execute nothing. */
const onlyFiles: ReadonlyMap<string, string> = new Map([
  ['chmod', 'changes who may use files'],
  ['cp', 'writes files'],
  ['kill', 'ends processes'],
  ['ln', 'makes links'],
  ['mkdir', 'makes folders'],
  ['mv', 'moves files'],
  ['rm', 'deletes files'],
  ['rmdir', 'deletes folders'],
  ['sleep', 'waits'],
  ['tee', 'writes files'],
  ['touch', 'writes files'],
]);
