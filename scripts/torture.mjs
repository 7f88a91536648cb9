// npm run torture [-- --seed N]   runs the long share of test/torture: many more trials than npm test does, minutes instead of seconds.
import process from 'node:process';
import { runMocha } from './mocha.mjs';
import { runAsScript } from './runAsScript.mjs';
import { runSuites, summarize } from './steps.mjs';

runAsScript(import.meta.url, async (args) => {
  const at = args.indexOf('--seed');
  const seed = at < 0 ? process.env.COUNTERSIGN_SEED : args[at + 1];
  const env = { COUNTERSIGN_TORTURE: 'long', ...(seed === undefined ? {} : { COUNTERSIGN_SEED: seed }) };
  const minutes = 60;
  const suite = {
    name: 'torture',
    budgetSeconds: minutes * 60,
    run: () => runMocha(['torture'], { timeoutMs: minutes * 60_000, env }),
  };
  const { lines, exitCode } = summarize(await runSuites([suite]));
  console.log(lines.join('\n'));
  return exitCode;
});
