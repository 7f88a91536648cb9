import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../src/core/agent/agent';
import { newAgentId } from '../src/core/protocol/ids';
import { SqliteStore } from '../src/node/store/sqliteStore';
import { dependenciesOver, modelOf, writeHistory } from './sessions';
const wchar = () => Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
async function main() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'cs-'));
  const store = new SqliteStore(path.join(dir, 'a.db'));
  for (const size of [1000]) {
    const id = newAgentId();
    await writeHistory(store, id, size);
    const agent = await Agent.resume(id, { model: modelOf(60) }, dependenciesOver(store, dir));
    await agent.complete('Warm up.');
    agent.setModel(modelOf(60));
    const file = path.join(dir, 'v1/sessions', id, 'session.db-wal');
    const w0 = readFileSync(file);
    const before = wchar();
    await agent.complete('Go.');
    const b = wchar() - before;
    const wal = readFileSync(file);
    const page = wal.readUInt32BE(8);
    const counts = new Map<number, number>();
    let commits = 0, frames = 0;
    for (let at = w0.length; at + 24 + page <= wal.length; at += 24 + page) {
      const no = wal.readUInt32BE(at);
      if (wal.readUInt32BE(at + 4)) commits++;
      frames++;
      const first = wal[at + 24 + (no === 1 ? 100 : 0)]!;
      const kind = no === 1 ? 0 : first === 13 ? 13 : first === 5 ? 5 : first === 10 ? 10 : first === 2 ? 2 : 99;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const names: Record<number, string> = { 0: 'page1', 13: 'table leaf', 5: 'table interior', 10: 'index leaf', 2: 'index interior', 99: 'overflow/free' };
    console.log('bytes/step', (b / 61 / 1024).toFixed(1), 'wal/step', ((wal.length - w0.length) / 61 / 1024).toFixed(1), 'commits', (commits / 61).toFixed(1), 'frames', (frames / 61).toFixed(1));
    console.log([...counts].map(([k, n]) => `${names[k]} ${(n / 61).toFixed(1)}`).join(', '));
    await agent[Symbol.asyncDispose]();
  }
  rmSync(dir, { recursive: true });
}
void main();
