import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { openModel } from '../../src/node/models/providers';
import { newMessageId } from '../../src/core/protocol/ids';

describe('requests to models', function () {
  this.timeout(20_000);
  let proxy: Server;
  const connected: string[] = [];

  before(async () => {
    proxy = createServer();
    proxy.on('connect', ({ url = '' }, socket) => {
      connected.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    await set('http.proxy', `http://127.0.0.1:${port}`);
  });
  after(async () => {
    await set('http.proxy', undefined);
    await new Promise((resolve) => proxy.close(resolve));
  });

  const set = async (name: string, value: unknown): Promise<void> => {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
  };

  it("go through the proxy of VS Code's settings", async () => {
    const model = await openModel({
      vendor: 'openai-compatible',
      model: 'any',
      apiKey: 'test-key-0123456789abcdef',
      baseUrl: 'https://models.countersign.invalid/v1',
    });
    const messages = [
      { id: newMessageId(), role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi.' }], createdAt: 0 },
    ];
    await assert.rejects(async () => {
      const request = { system: '', messages, tools: [] };
      for await (const _chunk of model.stream(request, AbortSignal.timeout(10_000))) assert.fail('it answered');
    });
    assert.deepEqual([...new Set(connected)], ['models.countersign.invalid:443']);
  });
});
