import { strict as assert } from 'node:assert';
import { AgentPool } from '../../src/core/agent/agentPool';
import { Room, type RoomAnswer } from '../../src/core/room';
import { workspaceWith, type Workspace } from '../support/agents';
import { teamDependencies } from '../support/team';

describe('a room', () => {
  let workspace: Workspace;
  let pool: AgentPool;
  let room: Room;
  const heard: string[] = [];

  beforeEach(async () => {
    workspace = await workspaceWith();
    heard.length = 0;
    const member = (name: string) => ({
      script: [
        (request: { readonly messages: readonly { readonly content: readonly unknown[] }[] }) => {
          heard.push(`${name} ${JSON.stringify(request.messages.at(-1)?.content)}`);
          return { text: `${name} says hi` };
        },
      ],
    });
    const asker = { script: [{ calls: [{ name: 'ask_user', input: { question: 'Well?' } }] }] };
    const broken = { script: [{ text: 'half', finish: 'content_filter' as const }] };
    const roles = { ann: member('ann'), bob: member('bob'), cid: member('cid'), asker, broken };
    pool = new AgentPool({ dependencies: teamDependencies({ workspace, roles }) });
    room = new Room(pool);
    for (const templateId of Object.keys(roles)) await pool.create(`agent-${templateId}`, { templateId });
    for (const name of ['ann', 'bob', 'cid']) room.join(name, `agent-${name}`);
  });
  afterEach(async () => {
    await pool[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const short = (answers: readonly RoomAnswer[]) => answers.map(({ name, result }) => [name, result.status]);

  it('gives a message to everybody but its sender, one after the other', async () => {
    const answers = await room.say('ann', 'Hello.');
    assert.deepEqual(short(answers), [
      ['bob', 'ok'],
      ['cid', 'ok'],
    ]);
    assert.equal(answers[0]?.result.text, 'bob says hi');
    assert.deepEqual(heard, [
      'bob [{"type":"text","text":"[from:ann] Hello."}]',
      'cid [{"type":"text","text":"[from:ann] Hello."}]',
    ]);
  });

  it('gives it to those alone whom it mentions, once each, and hears somebody outside', async () => {
    assert.deepEqual(short(await room.say('user', '@cid and @ann: look, @cid. Write to me@example.org.')), [
      ['ann', 'ok'],
      ['cid', 'ok'],
    ]);
    assert.deepEqual(await room.say('ann', '@ann, remember.'), []);
  });

  it('refuses a mention of nobody by name, and nobody hears anything', async () => {
    await assert.rejects(room.say('ann', '@bob and @eve: hi'), {
      code: 'unknown_member',
      message: /"eve"/,
      advice: /ann, bob, cid/,
    });
    assert.deepEqual(heard, []);
  });

  it('goes on where a member fails, waits for a decision or is gone, and says so', async () => {
    room.join('broken', 'agent-broken');
    room.join('asker', 'agent-asker');
    await pool.delete('agent-bob');
    const answers = await room.say('user', '@broken @asker @bob @cid go');
    assert.deepEqual(short(answers), [
      ['bob', 'failed'],
      ['cid', 'ok'],
      ['broken', 'failed'],
      ['asker', 'paused'],
    ]);
    assert.match(answers[0]?.result.error?.message ?? '', /no longer in the pool/);
    assert.equal(answers[3]?.result.permissionIds?.length, 1);
  });

  it('knows its members, and who has left', async () => {
    room.leave('bob');
    room.leave('nobody');
    assert.deepEqual(room.getMembers(), [
      { name: 'ann', agentId: 'agent-ann' },
      { name: 'cid', agentId: 'agent-cid' },
    ]);
    assert.deepEqual(short(await room.say('ann', 'Hello.')), [['cid', 'ok']]);
  });

  it('refuses a name that is taken or cannot be mentioned, and an agent that the pool does not have', () => {
    assert.throws(() => room.join('ann', 'agent-broken'), { code: 'invalid_value', message: /"ann"/ });
    assert.throws(() => room.join('a b', 'agent-broken'), { code: 'invalid_value', message: /"a b"/ });
    assert.throws(() => room.join('eve', 'agent-eve'), { code: 'invalid_value', message: /"agent-eve"/ });
  });
});
