// Builds what VS Code loads: dist/extension.js (and dist/lazy/*.js), dist/sql-wasm.wasm and dist/webview.{js,css}. `node esbuild.mjs package` builds the npm package's files into build/package instead.
// Options: --dev (source maps, not minified), --meta (writes build/meta-*.json for the size budget).
import * as esbuild from 'esbuild';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAsScript } from './scripts/runAsScript.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));

/** zod's translations are 250 KB that nobody reads here: error texts are written by us. */
const withoutZodLocales = {
  name: 'without-zod-locales',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/][\w-]+\.c?js$/ }, ({ path: file }) =>
      /[\\/](index|en)\.c?js$/.test(file)
        ? undefined
        : { contents: 'export default () => ({ localeError: () => "invalid" })', loader: 'js' },
    );
  },
};

/** The extension has stores of its own only: what adapts a user's class is for the package. */
const withoutAdaptedStore = {
  name: 'without-adapted-store',
  setup(build) {
    build.onLoad({ filter: /[\\/]store[\\/]adapted[\\/]adaptedStore\.ts$/ }, () => ({
      contents: 'export class AdaptedStore { constructor() { throw new Error("Not a store of Countersign."); } }',
      loader: 'js',
    }));
  },
};

/**
 * Makes each dynamic import of our own code a bundle of its own, so that activation neither reads nor parses it. Such a
 * bundle has its own copy of what it imports: it must hold no class that the rest of the program asks `instanceof` of
 * (test/contract/lazyBundles.test.ts).
 * @param {Map<string, string>} found filled with the bundles' names and files
 * @param {string} folder where they stand, seen from the importing bundle
 */
function lazyBundles(found, folder) {
  return {
    name: 'lazy-bundles',
    setup(build) {
      build.onResolve({ filter: /^\./ }, async ({ kind, path: wanted, importer, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const resolved = await build.resolve(wanted, { importer, resolveDir, kind: 'import-statement' });
        if (resolved.errors.length > 0) return resolved;
        const name = path.basename(resolved.path).replace(/\.tsx?$/, '');
        found.set(name, resolved.path);
        return { path: `${folder}/${name}.js`, external: true };
      });
    },
  };
}

/** The database engine's program, where `src/node/sqlJs/loadSqlJs.ts` looks for it. Its debug build alone keeps the names of the system calls. */
function copySqlWasm(outdir) {
  mkdirSync(outdir, { recursive: true });
  copyFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm-debug.wasm'), path.join(outdir, 'sql-wasm.wasm'));
}

/** The program of the sandbox for commands, a process of its own, and its helpers for Linux. An ES module: the package asks where it stands. */
async function buildSandboxRuntime(outdir, minify) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/node/commands/containment/sandboxRuntime.ts'],
    outfile: path.join(outdir, 'sandbox', 'sandboxRuntime.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // Windows only.
    external: ['@microsoft/mxc-sdk'],
    minify,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  for (const arch of ['x64', 'arm64']) {
    const folder = path.join(outdir, 'sandbox', 'seccomp', arch);
    mkdirSync(folder, { recursive: true });
    const helper = path.join(root, 'node_modules/@anthropic-ai/sandbox-runtime/vendor/seccomp', arch, 'apply-seccomp');
    copyFileSync(helper, path.join(folder, 'apply-seccomp'));
    chmodSync(path.join(folder, 'apply-seccomp'), 0o755);
  }
  return result.metafile;
}

export async function buildExtension({
  dev = false,
  meta = false,
  outdir = path.join(root, 'dist'),
  entry = 'src/extension/main.ts',
} = {}) {
  copySqlWasm(outdir);
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    legalComments: 'none',
    metafile: meta,
    logLevel: 'warning',
  };
  /** @type {(entry: [string, string], out: string, folder: string) => Promise<[unknown, Map<string, string>]>} */
  const bundle = async ([name, file], out, folder) => {
    const found = new Map();
    const plugins = [withoutZodLocales, withoutAdaptedStore, lazyBundles(found, folder)];
    const { metafile } = await esbuild.build({ ...common, entryPoints: { [name]: file }, outdir: out, plugins });
    return [metafile, found];
  };
  const [extension, waiting] = await bundle(['extension', entry], outdir, './lazy');
  const metas = { extension, sandboxRuntime: await buildSandboxRuntime(outdir, !dev) };
  for (const lazy of waiting) {
    const [metafile, found] = await bundle(lazy, path.join(outdir, 'lazy'), '.');
    metas[lazy[0]] = metafile;
    for (const [name, file] of found) waiting.set(name, file);
  }
  return metas;
}

export async function buildWebview({ dev = false, meta = false, outdir = path.join(root, 'dist') } = {}) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { webview: 'src/webview/main.tsx' },
    outdir,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: ['chrome128', 'safari17'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { react: 'preact/compat', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime' },
    define: { 'process.env.NODE_ENV': dev ? '"development"' : '"production"' },
    loader: { '.ttf': 'dataurl', '.svg': 'dataurl' },
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    legalComments: 'none',
    metafile: meta,
    logLevel: 'warning',
    plugins: [withoutZodLocales],
  });
  return { webview: result.metafile };
}

/** The npm package: ES modules with shared chunks, its providers bundled, so that no consumer meets their engines or a second zod. */
export async function buildPackage({
  outdir = path.join(root, 'build', 'package', 'dist'),
  entryPoints = { index: 'src/index.ts', provider: 'src/provider.ts' },
} = {}) {
  rmSync(outdir, { recursive: true, force: true });
  copySqlWasm(outdir);
  await buildSandboxRuntime(outdir, false);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    banner: {
      // CommonJS packages, among them sql.js, ask for these.
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;",
    },
    plugins: [withoutZodLocales],
  });
}

runAsScript(import.meta.url, async (flags) => {
  if (flags.includes('package')) {
    await buildPackage();
    return;
  }
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  const options = { dev: flags.includes('--dev'), meta: flags.includes('--meta') };
  const metas = Object.assign({}, ...(await Promise.all([buildExtension(options), buildWebview(options)])));
  if (!options.meta) return;
  mkdirSync(path.join(root, 'build'), { recursive: true });
  for (const [name, metafile] of Object.entries(metas))
    writeFileSync(path.join(root, 'build', `meta-${name}.json`), JSON.stringify(metafile));
});
