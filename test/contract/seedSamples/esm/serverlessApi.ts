// Seed 001, pattern 4: serverless API (Vercel).
// app/api/agent/[id]/route.ts
import { inngest } from '@/lib/inngest';

export async function POST(req: Request, { params }: { params: { id: string } }) {
  const { message } = await req.json();
  const agentId = params.id;

  // Enqueue for worker processing
  await inngest.send('agent/process', { agentId, message });

  return Response.json({ status: 'processing', agentId });
}
