import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const root = process.cwd();

/** Who may import whom. A layer may always import itself; the first matching row names a file's layer. */
const layers: readonly { readonly name: string; readonly folder: string; readonly may: readonly string[] }[] = [
  { name: 'util', folder: 'src/core/util/', may: [] },
  { name: 'protocol', folder: 'src/core/protocol/', may: ['util'] },
  { name: 'core', folder: 'src/core/', may: ['util', 'protocol'] },
  { name: 'node', folder: 'src/node/', may: ['util', 'protocol', 'core'] },
  { name: 'extension', folder: 'src/extension/', may: ['util', 'protocol', 'core', 'node'] },
  { name: 'webview', folder: 'src/webview/', may: ['util', 'protocol'] },
  { name: 'public', folder: 'src/', may: ['util', 'protocol', 'core', 'node'] },
];

/** Packages that a layer may use; whatever is not named here is refused. */
const packages: Readonly<Record<string, readonly RegExp[]>> = {
  util: [],
  protocol: [/^zod\/mini$/],
  core: [/^unbash$/, /^@cfworker\/json-schema$/, /^diff$/, /^zod(\/mini)?$/],
  node: [
    /^@anthropic-ai\/sandbox-runtime$/,
    /^node:/,
    /^@ai-sdk\//,
    /^ignore$/,
    /^picomatch$/,
    /^diff$/,
    /^sql\.js\/dist\/sql-wasm-debug\.js$/,
  ],
  extension: [/^vscode$/, /^node:/, /^diff$/, /^zod\/mini$/],
  webview: [
    /^preact(\/|$)/,
    /^@preact\/signals$/,
    /^@vscode\/webview-ui-toolkit$/,
    /^@microsoft\/fast-(element|foundation)$/,
    /^marked$/,
    /^dompurify$/,
    /^highlight\.js\//,
    /^virtua$/,
    /^zod\/mini$/,
  ],
  public: [],
};

interface Import {
  readonly from: string;
  /** The file it leads to, or the package's name. */
  readonly to: string;
  readonly kind: 'file' | 'package';
}

describe('the architecture', () => {
  const files = sourceFiles('src');
  let imports: readonly Import[] = [];
  before(() => {
    imports = files.flatMap(importsOf);
  });

  it('has source files to look at', () => assert.ok(files.length > 20, `only ${files.length} files found`));

  it('lets each layer import only the layers below it', () => {
    const broken = imports.flatMap(({ from, to, kind }) => {
      if (kind === 'package' || !to.startsWith('src/')) return [];
      const [source, target] = [layerOf(from), layerOf(to)];
      return source.name === target.name || source.may.includes(target.name) ? [] : [`${from} -> ${to}`];
    });
    assert.deepEqual(broken, []);
  });

  it('lets each layer use only its own packages', () => {
    const broken = imports.flatMap(({ from, to, kind }) =>
      kind === 'file' || packages[layerOf(from).name]?.some((allowed) => allowed.test(to)) ? [] : [`${from} -> ${to}`],
    );
    assert.deepEqual(broken, []);
  });

  it('has no import cycles, type imports included', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        imports.filter((one) => one.from === file && one.kind === 'file').map((one) => one.to),
      ]),
    );
    assert.deepEqual(cyclesIn(graph), []);
  });

  it('has no barrel files but the public faces', () => {
    const barrels = files.filter((file) => /(^|\/)index\.tsx?$/.test(file) && file !== 'src/index.ts');
    assert.deepEqual(barrels, []);
  });

  it('lets nothing inside import the public index', () => {
    assert.deepEqual(
      imports.filter(({ to }) => to === 'src/index.ts'),
      [],
    );
  });

  it('keeps files at 300 lines and half of them at 150', () => {
    const lengths = files.map((file) => readFileSync(path.join(root, file), 'utf8').split('\n').length - 1);
    const long = files.filter((_file, index) => (lengths[index] ?? 0) > 300);
    assert.deepEqual(long, []);
    const median = lengths.toSorted((left, right) => left - right)[Math.floor(lengths.length / 2)] ?? 0;
    assert.ok(median <= 150, `the median file has ${median} lines`);
  });
});

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const file = `${folder}/${name}`;
    if (statSync(path.join(root, file)).isDirectory()) return sourceFiles(file);
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [file] : [];
  });
}

function importsOf(from: string): readonly Import[] {
  const source = ts.createSourceFile(from, readFileSync(path.join(root, from), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      found.push(node.moduleSpecifier.text);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments;
      if (target && ts.isStringLiteral(target)) found.push(target.text);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    )
      found.push(node.argument.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((specifier) =>
    specifier.startsWith('.')
      ? { from, to: resolveFile(from, specifier), kind: 'file' }
      : { from, to: specifier, kind: 'package' },
  );
}

function resolveFile(from: string, specifier: string): string {
  const base = path.posix.join(path.posix.dirname(from), specifier);
  const found = [base, `${base}.ts`, `${base}.tsx`].find(
    (file) => existsSync(path.join(root, file)) && statSync(path.join(root, file)).isFile(),
  );
  assert.ok(found, `${from} imports ${specifier}, which is not there`);
  return found;
}

function layerOf(file: string): (typeof layers)[number] {
  const layer = layers.find(({ folder }) => file.startsWith(folder));
  assert.ok(layer, `${file} stands in no layer`);
  return layer;
}

function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) cycles.push([...trail.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
