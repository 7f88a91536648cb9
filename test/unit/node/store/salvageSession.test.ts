import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { textOf } from '../../../../src/core/protocol/messages';
import { newAgentId } from '../../../../src/core/protocol/ids';
import { JSONStore } from '../../../../src/node/store/jsonStore';
import { SqliteStore } from '../../../../src/node/store/sqliteStore';
import { batchOf, textMessage } from '../../../support/batches';
import { useTempFolder } from '../../../support/tempFolder';

describe('a damaged session', () => {
  const temp = useTempFolder();
  const stores = {
    'session.db': () => new SqliteStore(path.join(temp.path, 'agents.db')),
    'history.jsonl': () => new JSONStore(temp.path),
  };

  for (const [file, open] of Object.entries(stores))
    it(`is salvaged into a new one that says what is gone (${file})`, async () => {
      const store = open();
      const agentId = newAgentId();
      const log = await store.open(agentId, 'create');
      await log.commit({ envelopes: [], info: { agentId, templateId: 'test', createdAt: 1 } });
      for (const [place, text] of ['first words', 'second words', 'third words'].entries())
        await log.commit(batchOf(place + 1, { messages: [textMessage(text)] }));
      await log.barrier();
      await log.close();
      smash(path.join(temp.path, 'v1/sessions', agentId, file), 'second words', 'secxnd words');
      const reader = await store.read(agentId).catch((error: unknown) => error);
      if (!(reader instanceof Error)) await assert.rejects((reader as typeof log).readMessages(), { code: 'damaged' });
      const salvaged = await store.salvage(agentId);
      assert.notEqual(salvaged.agentId, agentId);
      assert.equal(salvaged.report.messages, 2);
      assert.ok(salvaged.report.lost.length > 0);
      const again = await store.open(salvaged.agentId, 'existing');
      assert.deepEqual((await again.readMessages()).map(textOf), ['first words', 'third words']);
      const { info } = await again.load();
      assert.match(info?.title ?? '', /\(recovered\)$/);
      await again.close();
      assert.equal(await store.exists(agentId), true);
      await store.close();
    });
});

function smash(file: string, find: string, replacement: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(find);
  assert.ok(at > 0, `${find} is not in ${file}`);
  for (let place = at; place >= 0; place = bytes.indexOf(find, place + 1)) bytes.write(replacement, place);
  writeFileSync(file, bytes);
}
