import { strict as assert } from 'node:assert';
import * as z from 'zod';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest } from '../../src/core/model/provider';
import type { ToolResultContent } from '../../src/core/protocol/messages';
import { builtin } from '../../src/core/tools/builtin';
import { defineTool } from '../../src/core/tools/defineTool';
import { globalToolRegistry } from '../../src/core/tools/globalToolRegistry';
import type { StandardSchema } from '../../src/core/tools/standardSchema';
import type { Tool } from '../../src/core/tools/tool';
import { tool } from '../../src/core/tools/toolFunction';
import { ToolRegistry } from '../../src/core/tools/toolRegistry';
import { builtinTools } from '../../src/core/tools/tools';
import type { JsonObject, JsonValue } from '../../src/core/util/json';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

describe('tools of the embedder', () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await workspaceWith();
  });
  after(() => workspace.remove());

  /** Calls the tool once: what came of it, whether somebody was asked, and what the model was told of the tool. */
  async function call(
    called: Tool,
    input: JsonValue,
    mode: 'auto' | 'approval' = 'auto',
  ): Promise<{ readonly result: ToolResultContent | undefined; readonly status: string; readonly schema: unknown }> {
    const requests: ModelRequest[] = [];
    const script = [
      (request: ModelRequest) => {
        requests.push(request);
        return { calls: [{ name: called.name, input }] };
      },
      { text: 'Done.' },
    ];
    const overrides = { permission: { mode } };
    const deps = dependenciesFor({ workspace, script, tools: [called] });
    const agent = await Agent.create({ templateId: 'test', overrides }, deps);
    const { status } = await agent.complete('Go');
    const results = (await historyOf(agent)).flatMap((event) =>
      event.type === 'tool:end' || event.type === 'tool:error' ? [event.call.result] : [],
    );
    await agent[Symbol.asyncDispose]();
    return { status, result: results[0], schema: requests[0]?.tools[0]?.inputSchema };
  }

  const weather = z.object({
    city: z.string().min(1).describe('Where.'),
    unit: z.enum(['c', 'f']).default('c'),
    days: z.number().int().min(1).max(14).optional(),
    at: z.union([z.string(), z.object({ lat: z.number(), lon: z.number() })]).optional(),
    tags: z.array(z.string().max(5)).max(3).optional(),
  });

  it('take a Zod schema: its types reach exec, its JSON Schema the model, defaults are filled in', async () => {
    const made = defineTool({
      ...{ name: 'weather', description: 'w', zod: weather },
      exec({ city, unit, days }) {
        // Compiles only where the types are inferred.
        const where: string = city.toUpperCase();
        const given: 'c' | 'f' = unit;
        return { where, given, days: days?.toFixed(1) ?? null };
      },
    });
    const { result, schema } = await call(made, { city: 'Bonn', days: 2 });
    assert.deepEqual(result, { ok: true, data: { where: 'BONN', given: 'c', days: '2.0' } });
    const { $schema: _version, ...expected } = z.toJSONSchema(weather, { io: 'input' }) as JsonObject;
    assert.deepEqual(schema, expected);
    assert.match(JSON.stringify(schema), /"anyOf".*"maxItems":3/);
  });

  it('are checked by their schema before anybody is asked, refinements too', async () => {
    const even = z.object({ n: z.number().refine((n) => n % 2 === 0, 'n must be even.') });
    const made = defineTool({ name: 'even', description: 'e', zod: even, exec: () => 'ran' });
    const { result, status } = await call(made, { n: 3 }, 'approval');
    assert.equal(status, 'ok');
    assert.ok(result?.ok === false);
    assert.deepEqual([result.errorType, result.error], ['validation', 'even was not run. "n": n must be even.']);
    assert.equal((await call(made, { n: 4 }, 'approval')).status, 'paused');
  });

  it('get what the schema makes of the arguments', async () => {
    const dated = z.object({ day: z.string().transform((day) => new Date(day)) });
    const made = defineTool({
      ...{ name: 'dated', description: 'd', zod: dated },
      exec: ({ day }) => day.getUTCFullYear(),
    });
    assert.deepEqual((await call(made, { day: '2026-11-22' })).result, { ok: true, data: 2026 });
  });

  it('give a JSON Schema to the model whole and unchanged', async () => {
    const input_schema: JsonObject = {
      type: 'object',
      properties: {
        list: {
          type: 'array',
          minItems: 1,
          items: {
            oneOf: [
              { type: 'string', pattern: '^a' },
              { type: 'number', maximum: 5 },
            ],
          },
        },
        kind: { type: 'string', enum: ['x', 'y'], description: 'Which.' },
        deep: { type: 'object', additionalProperties: { type: ['string', 'null'] }, maxProperties: 2 },
      },
      required: ['list'],
      additionalProperties: false,
    };
    const made = defineTool({ name: 'whole', description: 'w', input_schema, exec: (args) => args });
    const { schema, result } = await call(made, { list: ['ab', 3] });
    assert.deepEqual(schema, input_schema);
    assert.deepEqual(result, { ok: true, data: { list: ['ab', 3] } });
    assert.equal((await call(made, { list: ['b'] })).result?.ok, false);
  });

  it('take a schema of another library, with its JSON Schema beside it', async () => {
    const other: StandardSchema<{ readonly word: string }> = {
      '~standard': {
        ...{ version: 1, vendor: 'other' },
        validate: (value) =>
          JSON.stringify(value).includes('good')
            ? { value: { word: 'good' } }
            : { issues: [{ message: 'Not good.', path: ['word'] }] },
      },
    };
    const common = { name: 'other', description: 'o', zod: other, exec: ({ word }: { readonly word: string }) => word };
    const made = defineTool({ ...common, input_schema: { type: 'object', properties: { word: { type: 'string' } } } });
    assert.deepEqual((await call(made, { word: 'good' })).result, { ok: true, data: 'good' });
    assert.equal((await call(made, { word: 'bad' })).result?.ok, false);
    assert.throws(() => defineTool(common), { code: 'invalid_value', message: /schema of other/ });
  });

  it('refuse at once what cannot be said to a model', () => {
    const make = (zod: StandardSchema): Tool => defineTool({ name: 'bad', description: 'b', zod, exec: () => 1 });
    assert.throws(() => make(z.object({ at: z.date() })), { code: 'invalid_value' });
    assert.throws(() => make(z.string()), { code: 'invalid_value', message: /no object/ });
  });

  it('are made of a name and a function, and take any object then', async () => {
    const made = tool('echo', (args) => args);
    assert.deepEqual((await call(made, { any: [1, { thing: null }] })).result, {
      ok: true,
      data: { any: [1, { thing: null }] },
    });
    assert.equal((await call(made, {}, 'approval')).status, 'paused');
  });

  it('are made of options, with parameters, metadata and hooks', async () => {
    const heard: string[] = [];
    const made = tool({
      name: 'lookup',
      description: 'Looks up.',
      parameters: z.object({ id: z.number() }),
      execute: async ({ id }, ctx) => ({ twice: id * 2, agent: typeof ctx.agentId }),
      metadata: { readonly: true, timeout: 500, version: '2', tags: ['db'] },
      hooks: {
        preToolUse: ({ name }) => {
          heard.push(name);
        },
      },
    });
    assert.deepEqual([made.timeout, made.metadata], [500, { version: '2', tags: ['db'] }]);
    const { status, result } = await call(made, { id: 4 }, 'approval');
    assert.deepEqual([status, result], ['ok', { ok: true, data: { twice: 8, agent: 'string' } }]);
    assert.deepEqual(heard, ['lookup']);
  });

  it('give back the JSON of whatever they return; what has none is an answer for the model', async () => {
    class Point {
      readonly x = 1;
      readonly at = new Date(0);
    }
    assert.deepEqual(
      (
        await call(
          tool('point', () => new Point()),
          {},
        )
      ).result,
      {
        ok: true,
        data: { x: 1, at: '1970-01-01T00:00:00.000Z' },
      },
    );
    assert.deepEqual(
      (
        await call(
          tool('nothing', () => undefined),
          {},
        )
      ).result,
      { ok: true, data: null },
    );
    assert.equal(
      (
        await call(
          tool('big', () => 10n),
          {},
        )
      ).result?.ok,
      false,
    );
  });

  it('are in no registry until somebody registers them', () => {
    assert.deepEqual(globalToolRegistry.list(), []);
    const registry = new ToolRegistry();
    const made = tool('mine', () => 1);
    registry.register(made);
    registry.register('made', (config) => ({ ...tool('made', () => 1), description: JSON.stringify(config?.['say']) }));
    assert.deepEqual([registry.has('mine'), registry.has('made'), registry.has('other')], [true, true, false]);
    assert.deepEqual(
      registry.list().map(({ name }) => name),
      ['mine', 'made'],
    );
    assert.equal(registry.create('mine'), made);
    assert.equal(registry.create('made', { say: 'hello' }).description, '"hello"');
    assert.throws(() => registry.create('other'), { code: 'unknown_tool' });
    assert.throws(() => registry.register('mine', () => made), { code: 'invalid_value' });
    assert.throws(() => registry.register('alias', () => made), { code: 'invalid_value' });
  });

  it('come built in as groups, each of them one of the built-in tools', () => {
    const names = (tools: readonly Tool[]): string => tools.map(({ name }) => name).join(' ');
    assert.equal(names(builtin.fs()), 'fs_read fs_write fs_edit fs_multi_edit fs_glob fs_grep');
    assert.equal(names(builtin.bash()), 'bash_run bash_logs bash_kill');
    assert.equal(names(builtin.todo()), 'todo_read todo_write');
    for (const one of [...builtin.fs(), ...builtin.bash(), ...builtin.todo()]) assert.ok(builtinTools.includes(one));
  });
});
