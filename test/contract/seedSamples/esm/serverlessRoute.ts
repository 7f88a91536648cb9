// Seed 000, scenario 5: serverless. Under `strict` the caught error is `unknown` and has to be looked at; the losing side of the
// race answers nothing, which `Promise<never>` says.
// app/api/agent/[id]/route.ts
import { Agent, AgentConfig } from 'countersign';
import { SupabaseStore } from '@/lib/supabase-store';
import { inngest } from '@/lib/inngest';
import { config as given, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

declare const supabaseClient: object;
const config: AgentConfig = given;
const store = new SupabaseStore(supabaseClient);

export async function POST(req: Request, { params }: { params: { id: string } }) {
  const { message } = await req.json();
  const agentId = params.id;

  // 1. Load or create agent
  const exists = await store.exists(agentId);
  const agent = exists
    ? await Agent.resume(agentId, config, { store, templateRegistry, sandboxFactory, toolRegistry })
    : await Agent.create({ ...config, agentId }, { store, templateRegistry, sandboxFactory, toolRegistry });

  // 2. Send message
  await agent.send(message);

  // 3. Run with timeout (leave buffer for response)
  const timeoutMs = 25_000; // Vercel Pro = 30s
  let result;

  try {
    result = await Promise.race([
      agent.complete(),
      new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error('Timeout')), timeoutMs)
      ),
    ]);
  } catch (e) {
    if (e instanceof Error && e.message === 'Timeout') {
      // Agent still processing, queue for background
      await inngest.send('agent/continue', { agentId });
      return Response.json({ status: 'processing', agentId });
    }
    throw e;
  }

  return Response.json({ status: 'done', output: result.text });
}
