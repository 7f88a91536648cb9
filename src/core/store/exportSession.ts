import type { AgentId } from '../protocol/ids';
import { formatName, formatVersion, LineSum, type FileLine } from './sessionFile';
import type { SessionReader, SessionStore } from './store';

const sliceLength = 500;

/**
 * A session as one file, in pieces of whole lines (see `sessionFile`), read as they are asked for. An agent that writes meanwhile
 * is not disturbed: the file ends where its history stood at the start. Records beside the history and what was spent stay out: all
 * messages are in it, and whoever goes on with them compacts them anew. @throws StoreError 'not_found', 'damaged'.
 */
export async function* exportSession(sessions: Pick<SessionStore, 'read'>, agentId: AgentId): AsyncIterable<string> {
  const reader = await sessions.read(agentId);
  const sum = new LineSum();
  try {
    let piece: string[] = [];
    for await (const line of linesOf(reader, agentId)) {
      const text = JSON.stringify(line);
      sum.add(text);
      piece.push(text);
      if (piece.length < sliceLength) continue;
      yield `${piece.join('\n')}\n`;
      piece = [];
    }
    const end: FileLine = { kind: 'end', lines: sum.lines, crc: sum.crc };
    yield `${[...piece, JSON.stringify(end)].join('\n')}\n`;
  } finally {
    await reader.close();
  }
}

async function* linesOf(reader: SessionReader, agentId: AgentId): AsyncIterable<FileLine> {
  const { info, todos, queued, stepCount, turn, messageCount, lastSeq } = await reader.load();
  yield { kind: 'header', format: formatName, version: formatVersion, agentId, exportedAt: Date.now() };
  if (info) yield { kind: 'info', info };
  yield { kind: 'state', todos, queued, stepCount, ...(turn && { turn }) };
  for (let from = 0; from < messageCount; from += sliceLength)
    for (const message of await reader.readMessages({ from, to: Math.min(from + sliceLength, messageCount) }))
      yield { kind: 'message', message };
  for (const toolCall of await reader.readToolCalls()) yield { kind: 'toolCall', toolCall };
  for (const snapshot of await reader.readSnapshots())
    if (snapshot.seq <= lastSeq) yield { kind: 'snapshot', snapshot };
  for await (const envelope of reader.readEvents()) {
    if (envelope.bookmark.seq > lastSeq) break;
    yield { kind: 'event', envelope };
  }
}
