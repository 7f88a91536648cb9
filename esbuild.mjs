// Builds what VS Code loads: dist/extension.js (and dist/lazy/*.js), dist/sql-wasm.wasm and dist/webview.{js,css}. `node esbuild.mjs package` builds the npm package's files into build/package instead.
// Options: --dev (source maps, not minified), --meta (writes build/meta-*.json for the size budget).
import * as esbuild from 'esbuild';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  return {
    ...(await buildWithLazyBundles('extension', common, { extension: entry }, outdir)),
    sandboxRuntime: await buildSandboxRuntime(outdir, !dev),
  };
}

/**
 * Builds entries into a folder, and what they load late into `lazy` in it.
 * @param {string} name of the entries
 * @param {import('esbuild').BuildOptions} common
 * @param {Record<string, string>} entryPoints
 * @param {string} outdir
 * @returns what went into which file, by the names of the bundles
 */
async function buildWithLazyBundles(name, common, entryPoints, outdir) {
  const bundle = async (entries, out, folder) => {
    const found = new Map();
    const plugins = [withoutZodLocales, lazyBundles(found, folder)];
    const { metafile } = await esbuild.build({ ...common, entryPoints: entries, outdir: out, plugins });
    return { metafile, found };
  };
  const { metafile, found: waiting } = await bundle(entryPoints, outdir, './lazy');
  const metas = { [name]: metafile };
  for (const [lazy, file] of waiting) {
    const { metafile, found } = await bundle({ [lazy]: file }, path.join(outdir, 'lazy'), '.');
    metas[lazy] = metafile;
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

/** CommonJS packages in our ES modules, among them sql.js, ask for these. One line, so that it can be taken out again. */
const commonJsNames =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;";

/**
 * The npm package: `esm` and `cjs`, each with chunks that its faces share, so that an error class is the same whichever face it came
 * from. Its providers are bundled, so that no consumer meets their engines or a second zod.
 * @returns what went into the ES modules, by the names of the bundles
 */
export async function buildPackage({
  outdir = path.join(root, 'build', 'package', 'dist'),
  entryPoints = packageFaces(),
} = {}) {
  rmSync(outdir, { recursive: true, force: true });
  copySqlWasm(outdir);
  await buildSandboxRuntime(outdir, false);
  const common = {
    absWorkingDir: root,
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    logLevel: 'warning',
    // Half of the time that loading takes goes into reading the text. Names stay, for whoever reads a stack trace.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
  };
  const esm = path.join(outdir, 'esm');
  const options = {
    ...common,
    bundle: true,
    splitting: true,
    format: 'esm',
    metafile: true,
    banner: { js: commonJsNames },
  };
  const metas = await buildWithLazyBundles('package', options, entryPoints, esm);
  const cjs = path.join(outdir, 'cjs');
  await esbuild.build({
    ...{
      ...common,
      entryPoints: ['*.js', 'lazy/*.js'].map((files) => path.join(esm, files)),
      outdir: cjs,
      outbase: esm,
    },
    ...{ format: 'cjs', plugins: [withoutCommonJsNames], supported: { 'dynamic-import': false } },
  });
  writeFileSync(path.join(cjs, 'package.json'), '{ "type": "commonjs", "sideEffects": false }\n');
  return metas;
}

/** @type {import('esbuild').Plugin} */
const withoutCommonJsNames = {
  name: 'without-common-js-names',
  setup(build) {
    build.onLoad({ filter: /\.js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(commonJsNames, ''),
      loader: 'js',
    }));
  },
};

/** @returns {Record<string, string>} the package's entries and their sources: `index` is the package itself, others are paths below it */
export function packageFaces() {
  const faces = ['index', 'provider', 'testing'].map((name) => [name, `src/${name}.ts`]);
  return Object.fromEntries(faces.filter(([, file]) => existsSync(path.join(root, file))));
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
