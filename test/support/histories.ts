import type { Envelope } from '../../src/core/protocol/events';
import type { SessionReader } from '../../src/core/store/store';

export {
  agentIdOf,
  assistantMessage,
  callMessage,
  callRecord,
  conversation,
  envelopeOf,
  infoOf,
  resultMessage,
  userMessage,
} from '../../src/core/store/conformance/histories';

export async function eventsOf(reader: SessionReader): Promise<readonly Envelope[]> {
  const found: Envelope[] = [];
  for await (const envelope of reader.readEvents()) found.push(envelope);
  return found;
}
