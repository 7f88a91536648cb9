import { createServer, request } from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { ModelLists } from '../../src/extension/models/modelLists';
import { modelsView } from '../../src/extension/models/modelCatalog';
import { modelVendors } from '../../src/node/models/modelVendors';
import { checkedBaseUrl } from '../../src/node/models/connection';
import { openModel } from '../../src/node/models/providers';
import { listModels } from '../../src/node/models/modelLists';
import { localServers } from '../../src/node/models/discovery';
import { httpError, toModelError } from '../../src/node/models/errors';
import { modelFacts } from '../../src/node/models/modelFacts';
import { overrideFacts } from '../../src/node/models/factsOverride';
import { redact } from '../../src/node/models/failure';
import { askJson, inTime } from '../../src/node/models/jsonEndpoint';
import { VendorKeys } from '../../src/extension/models/vendorKeys';
import { MemorySecrets } from '../support/memorySecrets';
import { text, use, message, result, readAll } from '../support/streams';

const out = (...a: unknown[]) => console.log('   >>', ...a.map((x) => (typeof x === 'string' ? x : JSON.stringify(x))));
const never = new AbortController().signal;
const show = (e: any) => ({ name: e?.name, code: e?.code, message: e?.message, advice: e?.advice });

function ports(list: any, extra: any = {}) {
  return { sources: { known: () => [], facts: (c: any) => c, said: () => ({}), list, findLocal: async () => new Set(), editor: async () => [], test: null as any, ...extra.sources },
    connectionTo: extra.connectionTo ?? (async (vendor: string) => ({ vendor })), onChange: () => {}, reportError: (w: string, e: any) => out('reportError', w, e?.message), now: () => Date.now() } as any;
}

describe('A lists', () => {
  it('forget while asking', async () => {
    let key = 'old'; const asked: string[] = []; const waits: any[] = [];
    const lists = new ModelLists(ports((e: any) => { asked.push(e.apiKey); return new Promise((res, rej) => waits.push(() => e.apiKey === 'old' ? rej(new Error('401 old key')) : res([]))); }, { connectionTo: async (vendor: string) => ({ vendor, apiKey: key }) }));
    const first = lists.ask('openai', never); await new Promise((r) => setTimeout(r, 5));
    key = 'new'; lists.forget('openai');
    const second = lists.ask('openai', never); await new Promise((r) => setTimeout(r, 5));
    waits.forEach((w) => w()); await first; await second;
    out('asked with', asked, 'state', lists.all.get('openai'));
  });
  it('reopen while asking', async () => {
    const asked: number[] = [];
    const lists = new ModelLists(ports((_e: any, signal: AbortSignal) => { asked.push(1); return new Promise((res, rej) => { signal.addEventListener('abort', () => rej(signal.reason)); setTimeout(() => res([{vendor:'openai',model:'x'}]), 30); }); }));
    const a = new AbortController(); const first = lists.ask('openai', a.signal); await new Promise((r) => setTimeout(r, 5));
    a.abort(new Error('closed'));
    const b = new AbortController(); const second = lists.ask('openai', b.signal); await first; await second; await new Promise((r) => setTimeout(r, 60));
    out('asked', asked.length, 'state', lists.all.get('openai') ?? 'none');
  });
  it('hang of key ring', async () => {
    const lists = new ModelLists(ports(async () => [], { connectionTo: () => new Promise(() => {}) }));
    const r = await Promise.race([lists.ask('openai', AbortSignal.timeout(50)).then(() => 'done'), new Promise((r) => setTimeout(() => r('HANGS after abort'), 300))]);
    out(r, lists.all.get('openai'));
  });
  it('look again local; ask again', async () => {
    let n = 0;
    const lists = new ModelLists(ports(async () => { n++; return [{ vendor: 'ollama', model: 'q' }]; }));
    await lists.look(never); // nothing found
    await lists.ask('ollama', never); // user started it, "Look again"
    const v = modelsView({ vendors: modelVendors, known: () => [], keys: new Map(), endpoint: () => undefined, lists: lists.all, found: lists.found, editorModels: [], favourites: [], recent: [], standard: undefined }).vendors.find((x) => x.id === 'ollama');
    out('after Look again', v);
    await lists.ask('ollama', never); out('asks sent after second refresh', n);
  });
  it('facts of listed models lost on reload', () => {
    out('openrouter new window', modelFacts('openrouter', 'anthropic/claude-sonnet-5-5').price ?? 'price unknown', modelFacts('openrouter','qwen/qwen3-coder:free').maxWindowSize);
    out('ollama new window', modelFacts('ollama', 'qwen3:8b'));
    out('override win', overrideFacts(modelFacts('openrouter', 'x/y'), { windowTokens: 8000, maxOutputTokens: 65536 }).maxOutputTokens);
  });
  it('one wrong local endpoint', async () => {
    try { localServers((v) => v === 'ollama' ? 'http://192.168.1.5:11434' : undefined); } catch (e) { out(show(e)); }
    const lists = new ModelLists(ports(async () => [], { sources: { findLocal: async () => { localServers((v) => v === 'ollama' ? 'http://192.168.1.5:11434' : undefined); return new Set(); } } }));
    await lists.look(never); out('found', lists.found ?? 'undefined');
    const v = modelsView({ vendors: modelVendors, known: () => [], keys: new Map(), endpoint: () => undefined, lists: lists.all, found: lists.found, editorModels: [], favourites: [], recent: [], standard: undefined }).vendors.find((x) => x.id === 'lmstudio');
    out(v);
  });
});

describe('B addresses', () => {
  it('query in url', async () => {
    for (const u of ['https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21', 'https://gw.example/v1?key=SECRETKEY123', 'https://gw.example/v1#frag'])
      try { out(checkedBaseUrl(u)); } catch (e) { out(show(e)); }
    const s = createServer((q, r) => { out('server got', q.url); r.statusCode = 500; r.end('x'); }); await new Promise<void>((r) => s.listen(0, '127.0.0.1', () => r()));
    const base = `http://127.0.0.1:${(s.address() as AddressInfo).port}/v1?key=SECRETKEY123`;
    await listModels({ vendor: 'openai-compatible', baseUrl: base }, never).catch((e) => out(show(e)));
    s.close();
    const m = await openModel({ vendor: 'openai-compatible', model: 'm', baseUrl: 'https://127.0.0.1:1/v1?key=SECRETKEY123' });
    await readAll(m.stream({ system: '', messages: [message('user', text('hi'))], tools: [] } as any, never)).then((x: any) => out(show(x.error ?? x)), (e) => out(show(e)));
  });
});

describe('C local server odd', () => {
  for (const status of ['999 Odd', '205 Reset', '101 Switching', '304 Not Modified'])
    it(`status ${status}`, async () => {
      const s = net.createServer((c) => { c.on('error', () => {}); c.once('data', () => c.write(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`)); });
      await new Promise<void>((r) => s.listen(0, '127.0.0.1', () => r()));
      const port = (s.address() as AddressInfo).port;
      const seen: string[] = [];
      const old = process.listeners('uncaughtException'); process.removeAllListeners('uncaughtException');
      process.on('uncaughtException', (e) => seen.push(e.message));
      const r = await Promise.race([
        inTime(400, { label: 'L', model: '', baseUrl: `http://127.0.0.1:${port}/v1`, secrets: [] }, never, (sig) => askJson({ url: `http://127.0.0.1:${port}/x` }, { label: 'L', model: '', baseUrl: `http://127.0.0.1:${port}/v1`, secrets: [] }, sig)).then((x) => ['ok', x], (e) => show(e)),
        new Promise((r) => setTimeout(() => r('HANGS'), 2000)),
      ]);
      out(status, r, 'uncaught', seen);
      process.removeAllListeners('uncaughtException'); old.forEach((l) => process.on('uncaughtException', l as any));
      s.close();
    });
});

describe('D errors', () => {
  const ep = { label: 'V', model: 'm', baseUrl: 'https://v.example/v1', secrets: [] };
  const cases: [string, number, string][] = [
    ['kimi 403 quota', 403, '{"error":{"message":"Your account xx is not active, organization <xx> exceeded current quota, please check your plan and billing details","type":"exceeded_current_quota_error"}}'],
    ['kimi 429 quota', 429, '{"error":{"message":"You exceeded your current token quota: 0, please check your account balance","type":"exceeded_current_quota_error"}}'],
    ['kimi 429 suspended', 429, '{"error":{"message":"Your account org-x <ak-x> is suspended due to insufficient balance, please recharge your account","type":"exceeded_current_quota_error"}}'],
    ['xai 400 key', 400, '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: gs***tF. You can obtain an API key from https://console.x.ai."}'],
    ['xai 403 credits', 403, '{"code":"The caller does not have permission to execute the specified operation","error":"Your newly created team doesn\'t have any credits yet. You can purchase credits on https://console.x.ai"}'],
    ['azure filter', 400, '{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy.","type":null,"param":"prompt","code":"content_filter","status":400}}'],
    ['openrouter moderation 403', 403, '{"error":{"code":403,"message":"Your chosen model requires moderation and your input was flagged for \\"violence\\"","metadata":{"reasons":["violence"]}}}'],
    ['cloudflare 403', 403, '<!doctype html><html><head><title>Attention Required! | Cloudflare</title></head></html>'],
    ['407', 407, 'Proxy Authentication Required'],
    ['ollama tools', 400, '{"error":{"message":"registry.ollama.ai/library/gemma3:4b does not support tools","type":"api_error"}}'],
    ['together ctx', 422, '{"error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens and 512 `max_new_tokens`","type":"invalid_request_error"}}'],
    ['bedrock-ish', 400, '{"message":"Input is too long for requested model."}'],
    ['groq 413 tpm', 413, '{"error":{"message":"Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 9000","type":"tokens","code":"rate_limit_exceeded"}}'],
    ['zai 1113', 429, '{"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}}'],
    ['openai usage', 429, '{"error":{"message":"x","type":"insufficient_quota"}}'],
    ['anthropic usage', 400, '{"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."}}'],
    ['minimax ctx', 400, '{"type":"error","error":{"type":"invalid_request_error","message":"invalid params, context window exceeds limit (2013)"}}'],
    ['zai ctx', 400, '{"error":{"code":"1261","message":"Prompt exceeds max length"}}'],
    ['xai ctx', 400, '{"code":"Client specified an invalid argument","error":"This model\'s maximum prompt length is 131072 but the request contains 140000 tokens."}'],
    ['status 0', 0, ''],
  ];
  for (const [name, status, body] of cases) it(name, () => { const e = httpError(status, new Headers(), body, ep) as any; out(name, '->', e.code, '|', e.message.slice(0, 150), '|', e.advice.slice(0, 90)); });
  it('redaction', () => {
    out(redact('Invalid token zzzz-ABCD-9999-token-value', ['Bearer zzzz-ABCD-9999-token-value']));
    out(redact('The value true is not tools', ['tools', 'true']));
  });
});

describe('E headers', () => {
  it('bad header value leaks', async () => {
    await listModels({ vendor: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', headers: { 'X-Auth': 'tok-SECRET\n-part2' } }, never).catch((e) => out(show(e)));
    const m = await openModel({ vendor: 'openai-compatible', model: 'm', baseUrl: 'http://127.0.0.1:1/v1', headers: { 'X-Auth': 'tok-SECRET\n-part2' } });
    await readAll(m.stream({ system: '', messages: [message('user', text('hi'))], tools: [] } as any, never)).then((x: any) => out(show(x.error ?? x)), (e) => out(show(e)));
  });
  for (const [vendor, name] of [['openai-compatible', 'authorization'], ['anthropic', 'X-Api-Key'], ['google', 'X-Goog-Api-Key']] as const)
    it('header doubles ' + vendor, async () => {
      const s = createServer((q, r) => { out(vendor, q.headers['authorization'], q.headers['x-api-key'], q.headers['x-goog-api-key']); r.statusCode = 400; r.end('{}'); }); await new Promise<void>((r) => s.listen(0, '127.0.0.1', () => r()));
      const m = await openModel({ vendor, model: 'm', apiKey: 'VENDORKEY', baseUrl: `http://127.0.0.1:${(s.address() as AddressInfo).port}/v1`, headers: { [name]: 'GATEWAY' } });
      await readAll(m.stream({ system: '', messages: [message('user', text('hi'))], tools: [] } as any, never)).catch(() => {});
      s.close();
    });
});
