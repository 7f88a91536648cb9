/** A command that runs what stands in package.json. */
export interface ScriptCall {
  readonly manager: string;
  readonly script: string;
}

/** 'code': what such a command runs stands neither in its words nor in the workspace: packages, or what it is told on the way. */
export type PackageCall = { readonly kind: 'script'; readonly call: ScriptCall } | { readonly kind: 'code' };

/** Undefined: no package manager, or nothing of a package is run. */
export function packageCallOf(words: readonly string[]): PackageCall | undefined {
  const [manager = '', ...rest] = words;
  if (['npx', 'pnpx', 'bunx', 'corepack'].includes(manager)) return { kind: 'code' };
  if (manager === 'node' && rest[0] === '--run' && rest[1] !== undefined && (rest.length === 2 || rest[2] === '--'))
    return script('node', rest[1]);
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(manager)) return undefined;
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  const given = own.filter((word) => !harmlessOptions.includes(word));
  const [first, second] = given;
  // Other options choose another folder, another shell, other packages.
  if (first === undefined || given.some((word) => word.startsWith('-') && manager === 'npm')) return { kind: 'code' };
  if (first.startsWith('-')) return { kind: 'code' };
  if (first === 'run' || first === 'run-script' || first === 'rum' || first === 'urn')
    return second === undefined || second.startsWith('-') ? { kind: 'code' } : script(manager, second);
  const short = shortcuts.get(first);
  if (short !== undefined) return manager === 'bun' ? { kind: 'code' } : script(manager, short);
  return (manager === 'yarn' || manager === 'pnpm') && !managing.has(first) ? script(manager, first) : { kind: 'code' };
}

const script = (manager: string, name: string): PackageCall => ({ kind: 'script', call: { manager, script: name } });

const harmlessOptions: readonly string[] = ['-s', '--silent', '--if-present'];
const shortcuts: ReadonlyMap<string, string> = new Map([
  ...['test', 't', 'tst'].map((name) => [name, 'test'] as const),
  ...['start', 'stop', 'restart'].map((name) => [name, name] as const),
]);
/** Commands of yarn and pnpm themselves: installing, publishing, running what was downloaded. */
const managing: ReadonlySet<string> = new Set(
  'add audit bin cache config create dedupe deploy dlx env exec explain fetch global i import info init install it link list login logout ls node npm outdated owner pack patch plugin prune publish rb rebuild remove rm root self-update server set setup store tag unlink unplug up update upgrade upgrade-interactive version why workspace workspaces'.split(
    ' ',
  ),
);
