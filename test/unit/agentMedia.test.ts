import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { Agent } from '../../src/core/agent/agent';
import { MultimodalValidationError, ProviderCapabilityError } from '../../src/core/model/media';
import type { ModelProvider, ModelRequest } from '../../src/core/model/provider';
import { scriptedModel } from '../../src/core/model/scripted';
import type { CallId } from '../../src/core/protocol/ids';
import type { ContentBlock } from '../../src/core/protocol/messages';
import { SqliteStore } from '../../src/node/store/sqliteStore';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

const base64 = Buffer.from('bytes of a medium').toString('base64');
const media: readonly ContentBlock[] = [
  { type: 'text', text: 'What is this?' },
  { type: 'image', mimeType: 'image/png', base64 },
  { type: 'audio', mimeType: 'audio/wav', base64 },
  { type: 'video', mimeType: 'video/mp4', base64 },
  { type: 'file', mimeType: 'application/pdf', base64, filename: 'paper.pdf' },
];

describe('media in a message', () => {
  let workspace: Workspace;
  let requests: ModelRequest[];
  const open: Agent[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith();
    requests = [];
  });
  afterEach(async () => {
    for (const agent of open.splice(0)) await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const listener = (takes: Partial<ModelProvider['capabilities']> = {}): ModelProvider => {
    const model = scriptedModel((request) => {
      requests.push(request);
      return { text: 'A medium.' };
    });
    return { ...model, capabilities: { ...model.capabilities, ...takes } };
  };
  const kept = <T extends Agent>(agent: T): T => {
    open.push(agent);
    return agent;
  };
  const agentWith = async (model = listener()): Promise<Agent> =>
    kept(await Agent.create({ templateId: 'test', model }, dependenciesFor({ script: [], workspace })));
  const sent = (request: ModelRequest | undefined): readonly ContentBlock[] | undefined =>
    request?.messages.find(({ role }) => role === 'user')?.content;

  it('reaches the model byte for byte, also after a restart and in a fork; large ones are stored once, as a file', async () => {
    const large = Buffer.alloc(300_000, 7).toString('base64');
    const content: readonly ContentBlock[] = [...media, { type: 'image', mimeType: 'image/jpeg', base64: large }];
    const store = new SqliteStore(workspace.file('agents.db'), workspace.file('data'));
    try {
      const deps = { ...dependenciesFor({ script: [], workspace }), store };
      const agent = await Agent.create({ agentId: 'first', templateId: 'test', model: listener() }, deps);
      assert.equal((await agent.complete(content)).status, 'ok');
      await agent[Symbol.asyncDispose]();
      const resumed = kept(await Agent.resume('first', { model: listener() }, deps));
      await resumed.complete('And again?');
      const forked = kept(await resumed.fork());
      await forked.complete('And here?');
      assert.deepEqual(requests.map(sent), [content, content, content]);
      const blobs = readdirSync(workspace.file('data/v1/blobs'), { recursive: true, withFileTypes: true });
      assert.equal(blobs.filter((entry) => entry.isFile()).length, 1);
    } finally {
      for (const agent of open.splice(0)) await agent[Symbol.asyncDispose]();
      await store.close();
    }
  });

  it('that is none is refused with what is wrong, and nothing is stored', async () => {
    const agent = await agentWith();
    const bad: readonly (readonly [object, RegExp])[] = [
      [{ type: 'image', mimeType: 'image/tiff', base64 }, /media type "image\/tiff"/],
      [{ type: 'image', mimeType: 'image/svg+xml', base64 }, /media type/],
      [{ type: 'file', mimeType: 'text/html', base64 }, /goes with the block type file/],
      [{ type: 'audio', mimeType: 'image/png', base64 }, /goes with the block type audio/],
      [{ type: 'image', mimeType: 'image/png', url: 'https://example.com/x.png' }, /no bytes/],
      [{ type: 'image', mimeType: 'image/png', base64: `data:image/png;base64,${base64}` }, /not base64/],
      [{ type: 'image', mimeType: 'image/png', base64: '' }, /not base64/],
      [{ type: 'hologram', mimeType: 'image/png', base64 }, /no blocks of the type "hologram"/],
      [{ type: 'constructor', mimeType: 'image/png', base64 }, /no blocks of the type/],
      [
        { type: 'tool_result', tool_use_id: 'x' as CallId, content: { ok: true, data: 1 }, is_error: false },
        /cannot hold/,
      ],
      [{ type: 'image', mimeType: 'image/png', base64: 'AAAA'.repeat(7_000_000) }, /has 20\.0 MB; at most 20 MB/],
    ];
    for (const [block, message] of bad)
      await assert.rejects(
        agent.send([block as ContentBlock]),
        (error: unknown) =>
          error instanceof MultimodalValidationError && message.test(error.message) && error.advice !== '',
      );
    assert.equal((await historyOf(agent)).length, 0);
    assert.equal(requests.length, 0);
  });

  it('that the model does not take is refused by the name of both', async () => {
    const agent = await agentWith(listener({ images: false, pdf: false, audio: false, video: false }));
    for (const block of media.slice(1))
      await assert.rejects(
        agent.complete([block]),
        (error: unknown) =>
          error instanceof ProviderCapabilityError &&
          error.message === `The model scripted takes no ${block.type} blocks.`,
      );
    assert.equal((await agent.complete('Only words.')).status, 'ok');
  });

  it('stays in the conversation when a model that does not take it goes on', async () => {
    const agent = await agentWith();
    await agent.complete(media);
    await agent.setModel(listener({ images: false }));
    assert.equal((await agent.complete('What was it?')).status, 'ok');
    assert.deepEqual(sent(requests[1]), media);
  });
});
