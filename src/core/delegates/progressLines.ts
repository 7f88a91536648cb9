import type { EventHub } from '../agent/eventHub';
import { safeStart } from '../util/safeStart';

const inputCharacters = 200;
const textCharacters = 2_000;
const allCharacters = 16_000;

/** What a subagent says and does, as lines for the card of its task: 16,000 characters at most. */
export function tellProgress(hub: EventHub, progress: (text: string) => void): void {
  let left = allCharacters;
  const tell = (line: string, most: number): void => {
    if (left <= 0) return;
    const text = `${line.length > most ? `${safeStart(line, most)}…` : line}\n`;
    left -= text.length;
    progress(left > 0 ? text : `${text}…\n`);
  };
  hub.on('tool:start', ({ call }) => tell(`> ${call.name} ${JSON.stringify(call.input)}`, inputCharacters));
  hub.on('tool:error', ({ call, error }) => tell(`! ${call.name}: ${error}`, inputCharacters));
  hub.on('text_chunk_end', ({ text }) => tell(text, textCharacters));
}
