import { strict as assert } from 'node:assert';
import { ToolError } from '../../../src/core/errors';
import { builtinTools } from '../../../src/core/tools/tools';
import { defineTool } from '../../../src/core/tools/defineTool';
import { fsMultiEdit } from '../../../src/core/tools/fsMultiEdit';
import { fsRead } from '../../../src/core/tools/fsRead';
import { fsGrep } from '../../../src/core/tools/fsGrep';
import { checkArguments } from '../../../src/core/tools/toolArguments';
import type { JsonObject, JsonValue } from '../../../src/core/util/json';

function problemWith(tool: Parameters<typeof checkArguments>[0], input: JsonValue): string {
  try {
    checkArguments(tool, input);
  } catch (error) {
    assert.ok(error instanceof ToolError && error.code === 'invalid_arguments', String(error));
    return `${error.message} ${error.advice}`;
  }
  return assert.fail('it should have been refused');
}

const withSchema = (inputSchema: JsonObject): Parameters<typeof checkArguments>[0] => ({ name: 'mine', inputSchema });

describe('checkArguments', () => {
  it('names a missing argument and shows the whole signature', () => {
    const problem = problemWith(fsRead, {});
    assert.match(problem, /fs_read was not run\. "path" is missing\./);
    assert.match(problem, /\{path: string, offset\?: integer, limit\?: integer\}/);
  });

  it('names the argument, its value and what is expected', () => {
    assert.match(problemWith(fsRead, { path: 7 }), /"path" must be string, but is 7\./);
    assert.match(problemWith(fsRead, { path: 'a', limit: 1.5 }), /"limit" must be integer, but is 1\.5\./);
    assert.match(problemWith(fsRead, { path: 'a', offset: 0 }), /"offset" is 0: 0 is less than 1\./);
    assert.match(problemWith(fsRead, { path: '' }), /"path" is "": String is too short/);
    assert.match(problemWith(fsRead, 'a.ts'), /must be a JSON object, but are "a\.ts"/);
    assert.match(problemWith(fsRead, ['a.ts']), /must be a JSON object/);
  });

  it('names arguments that do not exist, and only them', () => {
    const problem = problemWith(fsRead, { path: 'a', file: 'b' });
    assert.match(problem, /There is no argument "file"\./);
    assert.ok(!problem.includes('schema'), problem);
  });

  it('names the place inside of nested arguments', () => {
    const problem = problemWith(fsMultiEdit, {
      edits: [
        { path: 'a', find: 'x', replace: 'y' },
        { path: 'a', find: 3, replace: 'y' },
      ],
    });
    assert.match(problem, /"edits\.1\.find" must be string, but is 3\./);
    assert.match(problemWith(fsMultiEdit, { edits: [] }), /"edits" is \[\]/);
    assert.match(problemWith(fsMultiEdit, { edits: [{ path: 'a', find: 'x' }] }), /"edits\.0": "replace" is missing/);
  });

  it('quotes no more than a little of a large value', () => {
    assert.ok(problemWith(fsRead, { path: Array.from({ length: 10_000 }, () => 'x') }).length < 500);
  });

  it('fills in defaults and takes null for not given', () => {
    assert.deepEqual(checkArguments(fsGrep, { pattern: 'x', path: null, regex: null }), {
      pattern: 'x',
      regex: false,
      case_sensitive: true,
      max_results: 200,
    });
    assert.match(problemWith(fsRead, { path: null }), /"path" must be string, but is null/);
  });

  it('keeps null where the schema knows it', () => {
    const tool = withSchema({
      type: 'object',
      properties: { a: { type: ['string', 'null'] }, b: { enum: [null, 1] } },
    });
    assert.deepEqual(checkArguments(tool, { a: null, b: null }), { a: null, b: null });
  });

  it('checks unions, enums, bounds and formats of a full schema', () => {
    const tool = withSchema({
      type: 'object',
      properties: {
        mode: { enum: ['a', 'b'] },
        id: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        n: { type: 'number', maximum: 3 },
      },
      required: ['mode'],
    });
    assert.deepEqual(checkArguments(tool, { mode: 'a', id: 3, n: 2 }), { mode: 'a', id: 3, n: 2 });
    assert.match(problemWith(tool, { mode: 'c' }), /"mode" is "c": .*\["a","b"\]/);
    assert.match(problemWith(tool, { mode: 'a', id: true }), /"id" is true/);
    assert.match(problemWith(tool, { mode: 'a', n: 4 }), /"n" is 4/);
  });

  it('takes no names of the object prototype for arguments', () => {
    const input = JSON.parse('{"path": "a", "__proto__": {"limit": 1}}') as JsonValue;
    assert.match(problemWith(fsRead, input), /There is no argument/);
  });
});

describe('defineTool', () => {
  const run = async (tool: ReturnType<typeof defineTool>, args: JsonObject = {}): Promise<unknown> => {
    const plan = await tool.plan(args, {} as never);
    return plan.run({} as never);
  };

  it('makes a schema of the short form', () => {
    const tool = defineTool({
      name: 'add',
      description: 'Adds.',
      params: {
        a: { type: 'number', description: 'One.' },
        b: { type: 'number', required: false },
        list: {
          type: 'array',
          items: { type: 'object', properties: { x: { type: 'string', enum: ['y'] } } },
          default: [],
        },
      },
      exec: () => null,
    });
    assert.deepEqual(tool.inputSchema, {
      type: 'object',
      properties: {
        a: { type: 'number', description: 'One.' },
        b: { type: 'number' },
        list: {
          type: 'array',
          default: [],
          items: {
            type: 'object',
            properties: { x: { type: 'string', enum: ['y'] } },
            required: ['x'],
            additionalProperties: false,
          },
        },
      },
      required: ['a'],
      additionalProperties: false,
    });
  });

  it('lets a function name the types of its arguments', async () => {
    const tool = defineTool({
      name: 'add',
      description: 'Adds.',
      params: { a: { type: 'number' }, b: { type: 'number' } },
      exec: (args: { a: number; b: number }) => args.a + args.b,
    });
    assert.deepEqual(await run(tool, { a: 1, b: 2 }), { data: 3 });
  });

  it('unwraps {ok: true, data} and takes {ok: false, error} for a failure', async () => {
    const returning = (value: JsonValue | undefined): Promise<unknown> =>
      run(defineTool({ name: 'x', description: 'x', params: {}, exec: () => value }));
    assert.deepEqual(await returning({ ok: true, data: [1], note: 'n' }), { data: [1], note: 'n' });
    assert.deepEqual(await returning({ ok: false, error: 'no' }), { ok: false, data: null, note: 'no' });
    assert.deepEqual(await returning({ ok: true, rows: 3 }), { data: { ok: true, rows: 3 } });
    assert.deepEqual(await returning(undefined), { data: null });
  });

  it('has an effect unless it says that it has none', async () => {
    const effectOf = async (attributes: { readonly?: boolean; noEffect?: boolean }): Promise<string> => {
      const tool = defineTool({ name: 'x', description: 'x', params: {}, attributes, exec: () => null });
      return (await tool.plan({}, {} as never)).effect;
    };
    assert.deepEqual(
      [await effectOf({}), await effectOf({ readonly: true }), await effectOf({ noEffect: true })],
      ['other', 'none', 'none'],
    );
  });
});

describe('the built-in tools', () => {
  it('have the documented names', () => {
    assert.deepEqual(
      builtinTools.map(({ name }) => name),
      [
        'fs_read',
        'fs_write',
        'fs_edit',
        'fs_multi_edit',
        'fs_glob',
        'fs_grep',
        'diagnostics',
        'symbols',
        'definition',
        'references',
        'rename',
        'bash_run',
        'bash_logs',
        'bash_kill',
        'todo_read',
        'todo_write',
      ],
    );
  });

  it('have schemas that refuse unknown arguments, and descriptions of a few sentences', () => {
    for (const { name, inputSchema, description } of builtinTools) {
      assert.equal(inputSchema['type'], 'object', name);
      assert.equal(inputSchema['additionalProperties'], false, name);
      assert.ok(description.length > 30 && description.length < 700, `${name}: ${description.length} characters`);
    }
  });
});
