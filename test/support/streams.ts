import type { KeepAlive, ModelChunk, ModelRequest } from '../../src/core/model/provider';
import { asCallId, asMessageId } from '../../src/core/protocol/ids';
import type { ContentBlock, Message } from '../../src/core/protocol/messages';

/** A stream read to its end: what came, and the error that ended it. */
export interface Read {
  readonly chunks: readonly (ModelChunk | KeepAlive)[];
  readonly error: unknown;
}

export async function readAll(stream: AsyncIterable<ModelChunk | KeepAlive>): Promise<Read> {
  const chunks: (ModelChunk | KeepAlive)[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
  } catch (error) {
    return { chunks, error };
  }
  return { chunks, error: undefined };
}

export function textOfChunks(chunks: Read['chunks']): string {
  return chunks.map((chunk) => (chunk.type === 'text' ? chunk.delta : '')).join('');
}

export function chunksOfType<Type extends ModelChunk['type']>(
  chunks: Read['chunks'],
  type: Type,
): readonly Extract<ModelChunk, { type: Type }>[] {
  return chunks.filter((chunk): chunk is Extract<ModelChunk, { type: Type }> => chunk.type === type);
}

export function message(role: Message['role'], ...content: readonly ContentBlock[]): Message {
  return { id: asMessageId('m'), role, content, createdAt: 0 };
}
export const text = (said: string): ContentBlock => ({ type: 'text', text: said });
export const use = (
  id: string,
  name: string,
  input: Extract<ContentBlock, { type: 'tool_use' }>['input'],
): ContentBlock => ({
  type: 'tool_use',
  id: asCallId(id),
  name,
  input,
});
export const result = (id: string, data: string): ContentBlock => ({
  type: 'tool_result',
  tool_use_id: asCallId(id),
  content: { ok: true, data },
  is_error: false,
});

export function request(messages: readonly Message[], more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: 'You are a test.',
    messages,
    tools: [
      {
        name: 'fs_read',
        description: 'Reads a file.',
        inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
      },
    ],
    ...more,
  };
}
