import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const root = process.cwd();
const folder = path.join(root, 'docs');

interface Sample {
  /** Where it would stand if it were a file. */
  readonly file: string;
  /** For people: the guide and the line. */
  readonly place: string;
  readonly text: string;
}

/** What the guides' samples take for granted, as the text around them says. */
const given: readonly (readonly [name: string, declaration: string])[] = [
  ['store', "declare const store: import('countersign').SqliteStore;"],
  ['dependencies', "declare const dependencies: import('countersign').AgentDependencies;"],
  ['pool', "declare const pool: import('countersign').AgentPool;"],
  ['agent', "declare const agent: import('countersign').Agent;"],
  ['agentId', 'declare const agentId: string;'],
  ['server', 'declare const server: { close(): void };'],
];

describe('the guides in docs/', function () {
  this.timeout(60_000);
  const guides = readdirSync(folder).filter((name) => name.endsWith('.md'));
  const samples = guides.flatMap(samplesIn);

  it('show code', () => {
    assert.ok(samples.length > 15, `${samples.length} samples`);
  });

  it('show only code that compiles under `strict` against the package', () => {
    const text = "import { Agent } from 'countersign';\nawait Agent.create({ template: 1 });\n";
    const wrong = { file: path.join(folder, 'wrong.ts'), place: 'wrong code', text };
    const [caught = '', ...others] = problemsIn([wrong, ...samples]);
    assert.match(caught, /^wrong code: /);
    assert.deepEqual(others, []);
  });

  it('link to what there is', () => {
    for (const guide of guides) {
      const text = readFileSync(path.join(folder, guide), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g))
        assert.ok(ts.sys.fileExists(path.resolve(folder, target)), `${guide} links to ${target}`);
    }
  });
});

function samplesIn(guide: string): readonly Sample[] {
  const text = readFileSync(path.join(folder, guide), 'utf8');
  return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map((match, index) => {
    const code = match[1] ?? '';
    const line = text.slice(0, match.index).split('\n').length;
    const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
    const makes = (name: string): boolean => new RegExp(`\\b(?:const|let) ${name}\\b`).test(code);
    const missing = given.filter(([name]) => uses(name) && !makes(name));
    const before = missing.map(([, declaration]) => declaration).join(' ');
    return {
      file: path.join(folder, `${guide}.${index}.ts`),
      place: `docs/${guide}:${line}`,
      text: `export {}; ${before}\n${code}`,
    };
  });
}

/** All samples in one program: the package is read once. */
function problemsIn(list: readonly Sample[]): readonly string[] {
  const texts = new Map(list.map(({ file, text }) => [file, text]));
  const config: unknown = ts.readConfigFile(path.join(root, 'tsconfig.node.json'), (file) =>
    ts.sys.readFile(file),
  ).config;
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(config, ts.sys, root).options,
    ...{ noUnusedLocals: false, noUnusedParameters: false },
    paths: {
      countersign: [path.join(root, 'src/index.ts')],
      'countersign/provider': [path.join(root, 'src/provider.ts')],
    },
  };
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const readFile = host.readFile.bind(host);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return list.flatMap(({ file, place }) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}
