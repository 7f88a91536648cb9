// Builds what VS Code loads: dist/extension.js and dist/webview.{js,css}. `node esbuild.mjs package` builds the npm package's files into build/package instead.
// Options: --dev (source maps, not minified), --meta (writes build/meta-*.json for the size budget).
import * as esbuild from 'esbuild';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

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
 * One file: code that is imported dynamically (the model vendors) stands in it but is evaluated only when it is used. Bundles of
 * their own would each bring a second copy of the core's classes, and `instanceof` would fail between them.
 */
export async function buildExtension({ dev = false, meta = false, outdir = path.join(root, 'dist') } = {}) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { extension: 'src/extension/main.ts' },
    outdir,
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
    plugins: [withoutZodLocales],
  });
  return { extension: result.metafile };
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
export async function buildPackage({ outdir = path.join(root, 'build', 'package', 'dist') } = {}) {
  rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { index: 'src/index.ts', provider: 'src/provider.ts' },
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
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [withoutZodLocales],
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2);
  const options = { dev: flags.includes('--dev'), meta: flags.includes('--meta') };
  if (flags.includes('package')) await buildPackage();
  else {
    rmSync(path.join(root, 'dist'), { recursive: true, force: true });
    const metas = Object.assign({}, ...(await Promise.all([buildExtension(options), buildWebview(options)])));
    if (options.meta) {
      mkdirSync(path.join(root, 'build'), { recursive: true });
      for (const [name, metafile] of Object.entries(metas))
        writeFileSync(path.join(root, 'build', `meta-${name}.json`), JSON.stringify(metafile));
    }
  }
}
