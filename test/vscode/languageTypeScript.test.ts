import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { definition } from '../../src/core/tools/definition';
import { diagnostics } from '../../src/core/tools/diagnostics';
import { fsEdit } from '../../src/core/tools/fsEdit';
import { references } from '../../src/core/tools/references';
import { rename } from '../../src/core/tools/rename';
import { symbols } from '../../src/core/tools/symbols';
import { toolBench, type ToolBench } from '../support/toolBench';
import { EditsFixture, tabSet } from './editsSupport';
import { editorSandbox } from './languageSupport';

describe('what TypeScript knows', () => {
  let fixture: EditsFixture;
  let bench: ToolBench;
  before(() => {
    fixture = new EditsFixture();
    bench = toolBench(editorSandbox(fixture.folder, fixture.proposals));
    const files = {
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "noLib": false, "types": [] } }\n',
      'shapes.ts':
        'export interface Shape {\n  area: number;\n}\nexport function double(shape: Shape): number {\n  return 2 * shape.area;\n}\n',
      'use.ts': "import { double } from './shapes';\n\nexport const four = double({ area: 2 });\n",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(fixture.folder, name), text);
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  it('symbols, definition, references and rename, over files that are not open', async () => {
    const outline = await bench.data(symbols, { path: 'shapes.ts' });
    assert.deepEqual(
      (outline['symbols'] as { name: string; container?: string }[]).map(({ name }) => name),
      ['Shape', 'area', 'double'],
    );
    assert.deepEqual((await bench.data(definition, { path: 'use.ts', line: 3, name: 'double' }))['definitions'], [
      { path: 'shapes.ts', line: 4, column: 17, preview: 'export function double(shape: Shape): number {' },
    ]);
    const found = await bench.data(references, { path: 'shapes.ts', line: 4, name: 'double' });
    assert.deepEqual(
      (found['references'] as { path: string; line: number }[]).map((one) => `${one.path}:${one.line}`).sort(),
      ['shapes.ts:4', 'use.ts:1', 'use.ts:3'],
    );
    await bench.run(rename, { path: 'shapes.ts', line: 4, name: 'double', new_name: 'twice' });
    assert.match(readFileSync(path.join(fixture.folder, 'shapes.ts'), 'utf8'), /export function twice\(/);
    assert.match(readFileSync(path.join(fixture.folder, 'use.ts'), 'utf8'), /import \{ twice \}[^]*= twice\(/);
  }).timeout(30_000);

  it('a type error that an edit brings is told with its result, without a tab', async () => {
    const tabs = tabSet();
    const edit = async (from: string, to: string): Promise<unknown> => {
      const data = await bench.data(fsEdit, { path: 'use.ts', old_string: from, new_string: to });
      return (data['new_problems'] as { line: number; code: string }[] | undefined)?.map(
        ({ line, code }) => `${line} ${code}`,
      );
    };
    assert.deepEqual(await edit('area: 2', 'area: 3'), []);
    assert.deepEqual(await edit('area: 3', 'area: "3"'), ['3 2322']);
    assert.deepEqual(await edit('\n\nexport', '\n\n\nexport'), []);
    assert.deepEqual(await edit('area: "3"', 'area: 3'), []);
    assert.deepEqual(tabSet(), tabs);
  }).timeout(30_000);

  it('problems of a file that is not open are found', async () => {
    writeFileSync(path.join(fixture.folder, 'wrong.ts'), 'export const one: string = 1;\n');
    const { problems } = await bench.data(diagnostics, { path: 'wrong.ts' });
    assert.deepEqual(
      (problems as { code: string; source: string }[]).map(({ code, source }) => `${source} ${code}`),
      ['ts 2322'],
    );
  }).timeout(30_000);
});
