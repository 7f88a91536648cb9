import type { AgentEvent } from '../../core/protocol/events';
import type { AgentId, CallId } from '../../core/protocol/ids';
import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/util/json';

const keptCharacters = 200 * 1024;

const escape = String.fromCharCode(27);
const style = (code: number): string => `${escape}[${code}m`;
const plain = style(0);
const bold = style(1);
const dim = style(2);
const red = style(31);

/**
 * The commands of the agents as a terminal shows them: `$ command` with its folder, its output as it comes, its exit code.
 * Made of events alone. No control character of a command or its output gets through: the only escape sequences are colours
 * of our own, and each ends in its line.
 */
export class CommandTranscript {
  readonly #folder: () => string;
  readonly #running = new Map<string, { readonly command: string; hasOutput: boolean }>();
  #speaker: string | undefined;
  #isLineOpen = false;
  #history = '';
  /** Gets what is added. */
  onText: (text: string) => void = () => undefined;

  /** @param folder the name of the folder in which commands run */
  constructor(folder: () => string) {
    this.#folder = folder;
  }

  /** At least the last 200 KB, from the beginning of a line. */
  get history(): string {
    return this.#history;
  }

  take(sessionId: AgentId, event: AgentEvent): void {
    if (event.type === 'tool:progress') this.#output(keyOf(sessionId, event.callId), event.text);
    else if (event.type === 'tool:update') this.#begin(sessionId, event.call);
    else if (event.type === 'tool:end' && event.call.name === 'bash_logs') this.#logs(event.call);
    else if (event.type === 'tool:end' || event.type === 'tool:error') this.#end(sessionId, event.call);
  }

  #begin(sessionId: AgentId, { id, name, state, input }: ToolCallSnapshot): void {
    if (name !== 'bash_run' || state !== 'EXECUTING') return;
    const { cmd, background, outside } = objectOf(input);
    const command = visible(typeof cmd === 'string' ? cmd : '');
    const key = keyOf(sessionId, id);
    this.#running.set(key, { command, hasOutput: false });
    this.#speaker = key;
    const notes = [
      ...(background === true ? ['in the background'] : []),
      ...(outside === true ? ['outside of the sandbox'] : []),
    ];
    const note = notes.length > 0 ? ` ${dim}(${notes.join(', ')})${plain}` : '';
    const [first = '', ...more] = command.split('\n').map((line) => `${bold}${line}${plain}`);
    const lines = [`${dim}${visible(this.#folder())}${plain} $ ${first}${note}`, ...more.map((line) => `> ${line}`)];
    this.#line(lines.join('\n'));
  }

  #output(key: string, text: string): void {
    const call = this.#running.get(key);
    if (!call || text === '') return;
    // Where several commands run at once, each says who it is when it goes on.
    if (this.#speaker !== key) this.#line(`${dim}[${shortened(call.command)}]${plain}`);
    this.#speaker = key;
    call.hasOutput = true;
    this.#write(harmless(text));
  }

  #end(sessionId: AgentId, { id, result, durationMs }: ToolCallSnapshot): void {
    const key = keyOf(sessionId, id);
    const call = this.#running.get(key);
    if (!call) return;
    const { output, code, background } = objectOf(result?.data);
    if (!call.hasOutput && typeof output === 'string') this.#output(key, output);
    this.#running.delete(key);
    if (background === true) return;
    const which = this.#speaker === key ? '' : `${shortened(call.command)}: `;
    this.#speaker = undefined;
    const seconds = durationMs === undefined ? '' : `, ${(durationMs / 1000).toFixed(1)} s`;
    const outcome = typeof code === 'number' ? `exit ${code}` : result?.ok === false ? result.error : 'ended';
    this.#line(`${code === 0 ? dim : red}[${which}${oneLine(outcome)}${seconds}]${plain}`);
  }

  /** What a background command has said since somebody looked. */
  #logs({ input, result }: ToolCallSnapshot): void {
    const { output } = objectOf(result?.data);
    const { shell_id: shellId } = objectOf(input);
    if (typeof output !== 'string' || output === '' || typeof shellId !== 'string') return;
    this.#speaker = undefined;
    this.#line(`${dim}[output of ${oneLine(shellId)}]${plain}`);
    this.#write(harmless(output));
  }

  #line(text: string): void {
    this.#write(`${this.#isLineOpen ? '\n' : ''}${text}\n`);
  }

  #write(text: string): void {
    this.#isLineOpen = !text.endsWith('\n');
    const shown = text.replaceAll('\n', '\r\n');
    this.#history += shown;
    // Not with each piece: that would copy it all each time.
    if (this.#history.length > 2 * keptCharacters) {
      const start = this.#history.indexOf('\n', this.#history.length - keptCharacters) + 1;
      this.#history = this.#history.slice(start > 0 ? start : -keptCharacters);
    }
    this.onText(shown);
  }
}

const keyOf = (sessionId: AgentId, callId: CallId): string => `${sessionId} ${callId}`;

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** Without what a terminal would obey: escape sequences lose their escape and stand there as text. */
function harmless(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}

/** A command as it will run, with what nobody could see made visible. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `<U+${code}>`;
  });
}

const oneLine = (text: string): string => visible(text).replaceAll(/\s+/g, ' ').slice(0, 500);

const shortened = (command: string): string => {
  const line = oneLine(command);
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
