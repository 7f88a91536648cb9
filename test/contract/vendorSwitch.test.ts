import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { Message } from '../../src/core/protocol/messages';
import { MemoryStore } from '../../src/core/store/memoryStore';
import { openModel } from '../../src/node/models/providers';
import { dependenciesFor, workspaceWith } from '../support/agents';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { message, readAll, request, text, textOfChunks } from '../support/streams';
import { wires, type Wire } from '../support/wires';

/** What a vendor alone can read of its own answers: signatures, encrypted thoughts, names of items. */
const ownMarks: Readonly<Record<string, RegExp>> = {
  'Anthropic Messages': /"signature":"c2ln"/,
  'OpenAI Responses': /"type":"reasoning","id":"rs_0","encrypted_content":"c2VjcmV0"/,
  'Google Gemini': /"functionCall":\{"id":"call_a".*?\},"thoughtSignature":"sig"/,
};
const anyMark = /c2ln|rs_0|c2VjcmV0|"sig"|fc_[23]|msg_1|Hm ✓/;

describe('A switch of vendor in mid-session', () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.stop());

  /** The history of a turn with thinking and two calls, made by this vendor's model. */
  const historyBy = async (wire: Wire): Promise<readonly Message[]> => {
    const workspace = await workspaceWith({ 'a.txt': 'text of a', 'b ✓.txt': 'text of b' });
    try {
      server.answer({ body: wire.twoCalls }, { body: wire.whole });
      const model = await openModel({ ...wire.connection, apiKey: 'k', baseUrl: `${server.url}${wire.path}` });
      const store = new MemoryStore();
      const agent = await Agent.create(
        { templateId: 'test' },
        { ...dependenciesFor({ script: [], workspace }), store, modelFactory: () => model },
      );
      assert.equal((await agent.complete('Read both.')).status, 'ok');
      await agent[Symbol.asyncDispose]();
      return await (await store.read(agent.agentId)).readMessages();
    } finally {
      await workspace.remove();
    }
  };

  const continueWith = async (wire: Wire, history: readonly Message[]): Promise<string> => {
    server.answer({ body: wire.whole });
    const model = await openModel({ ...wire.connection, apiKey: 'k', baseUrl: `${server.url}${wire.path}` });
    const asked = request([...history, message('user', text('Go on.'))]);
    const { chunks, error } = await readAll(model.stream(asked, new AbortController().signal));
    assert.equal(error, undefined);
    assert.equal(textOfChunks(chunks), 'whole ✓');
    return server.requests.at(-1)?.body ?? '';
  };

  for (const from of wires) {
    it(`from ${from.name} takes words, calls and results along and leaves the thoughts behind`, async () => {
      const history = await historyBy(from);
      for (const to of wires.filter((wire) => wire !== from)) {
        const body = await continueWith(to, history);
        assert.doesNotMatch(body, anyMark, to.name);
        for (const part of [
          'Read both.',
          'Looking ✓',
          'a.txt',
          'b ✓.txt',
          'text of a',
          'text of b',
          'whole ✓',
          'Go on.',
        ])
          assert.ok(body.includes(part), `${to.name}: ${part}`);
        assertAccepted(to, JSON.parse(body) as unknown);
      }
    });

    const mark = ownMarks[from.name];
    if (mark)
      it(`back to ${from.name} gives it its own thoughts as they came`, async () => {
        assert.match(await continueWith(from, await historyBy(from)), mark);
      });
  }

  it("gives Anthropic's signatures not even to those who speak its language", async () => {
    const [anthropic] = wires;
    assert.ok(anthropic);
    const minimax = { ...anthropic, connection: { vendor: 'minimax', model: 'MiniMax-M3' } };
    const body = await continueWith(minimax, await historyBy(anthropic));
    assert.doesNotMatch(body, anyMark);
  });

  it('within a vendor gives no thoughts to a model or an API that would refuse them', async () => {
    const from = wires.find((wire) => wire.name === 'OpenAI Responses');
    assert.ok(from);
    const history = await historyBy(from);
    const others = [
      { ...from, connection: { ...from.connection, model: 'gpt-4.1' } },
      { ...wires[1], connection: { vendor: 'openai', model: 'gpt-5.4' } } as Wire,
    ];
    for (const other of others)
      assert.doesNotMatch(await continueWith(other, history), /Hm ✓|c2VjcmV0|reasoning_content|rs_0/);
  });
});

/** The rules for which the vendors answer 400, as far as a history can break them. */
function assertAccepted(wire: Wire, body: unknown): void {
  const raw = JSON.stringify(body);
  const ids = [...raw.matchAll(/"(?:id|call_id|tool_call_id|tool_use_id)":"([^"]*)"/g)].map((match) => match[1] ?? '');
  assert.ok(ids.length >= 4, `${wire.name}: two calls and two results have names`);
  for (const id of ids) assert.match(id, /^[a-zA-Z0-9_-]{1,40}$/, wire.name);
  if (wire.name === 'Google Gemini')
    // Gemini 3 wants a signature at each first call; this one is documented for calls that others made.
    assert.match(raw, /"thoughtSignature":"skip_thought_signature_validator"/);
  else assert.doesNotMatch(raw, /thought/i);
}
