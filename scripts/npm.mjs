import { runQuietly } from './children.mjs';

/**
 * Runs npm in a folder, quietly unless it fails.
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env] added to this process's own
 */
export async function npm(args, cwd, env = {}) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await runQuietly('npm', [...args, ...quiet], { cwd, env: { ...withoutOuterNpm(process.env), ...env } });
}

/**
 * What an outer `npm test` puts into the environment would make an inner npm take the outer folder for its own.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutOuterNpm(env) {
  const outer = /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_local_prefix|INIT_CWD)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !outer.test(name)));
}
