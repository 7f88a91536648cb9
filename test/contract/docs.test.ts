import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { namedButNotExported } from '../support/namedButNotExported';

const root = process.cwd();
const folder = path.join(root, 'docs');
const faces = ['index', 'provider'].map((name) => path.join(root, `src/${name}.ts`));

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

  describe('and what they show', () => {
    const wrongText = "import { Agent } from 'countersign';\nawait Agent.create({ template: 1 });\n";
    const wrong = { file: path.join(folder, 'wrong.ts'), place: 'wrong code', text: wrongText };
    let program: ts.Program;
    before(() => (program = programOf([wrong, ...samples])));

    it('compiles under `strict` against the package', () => {
      const [caught = '', ...others] = [wrong, ...samples].flatMap((sample) => problemsIn(sample, program));
      assert.match(caught, /^wrong code: /);
      assert.deepEqual(others, []);
    });

    it('is a package that exports the types of its own signatures', () => {
      assert.deepEqual(namedButNotExported(program, faces), []);
    });
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

function problemsIn({ file, place }: Sample, program: ts.Program): readonly string[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

/** All samples and the package in one program: it is read once. */
function programOf(list: readonly Sample[]): ts.Program {
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
  return ts.createProgram([...faces, ...texts.keys()], options, host);
}
