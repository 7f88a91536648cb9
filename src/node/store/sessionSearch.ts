import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { StringDecoder } from 'node:string_decoder';
import type { AgentId } from '../../core/protocol/ids';
import type { SearchLine } from '../../core/store/meta';
import type { SessionMeta } from '../../core/store/store';
import { isJsonObject } from '../../core/util/json';
import { unlessFailing } from '../systemError';
import { textName } from './sidecar';
import type { StoreLayout } from './storeLayout';

/** A place where the words were found. */
export interface SearchHit {
  readonly agentId: AgentId;
  /** The session's title. */
  readonly title: string;
  /** Where the words stand; 'title': in the title itself. */
  readonly in:
    { readonly kind: 'title' } | ({ readonly kind: 'message' } & Pick<SearchLine, 'messageId' | 'role' | 'createdAt'>);
  /** The text around the first word, shortened; `before + match + after` stand so in the text, line breaks as blanks. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

/** How much of each session is told. */
export interface SearchOptions {
  /** At most so many messages of a session. Default 5. */
  readonly maxPerSession?: number;
}

/**
 * Searches what people wrote and agents answered, and the titles, without opening a session: in the order of `sessions`,
 * each hit as it is found. All words of the query must stand in the same message, as parts of words too and in upper or lower
 * case; a query without words finds nothing. Never keeps the event loop for more than a few milliseconds.
 */
export async function* searchSessions(
  layout: StoreLayout,
  sessions: readonly SessionMeta[],
  query: string,
  { maxPerSession = 5 }: SearchOptions,
  signal: AbortSignal,
): AsyncGenerator<SearchHit, void, undefined> {
  const words = wordsOf(query);
  const [first] = words;
  if (!first) return;
  const look = (session: SessionMeta): Promise<readonly SearchHit[]> => {
    const file = path.join(layout.sessionFolder(session.agentId), textName);
    const hits = hitsIn(session, file, words, maxPerSession, signal);
    // One that fails while an earlier one is waited for is heard of when its turn comes.
    hits.catch(() => undefined);
    return hits;
  };
  // A few ahead: small files spend their time in waiting.
  const ahead: Promise<readonly SearchHit[]>[] = [];
  try {
    for (let next = 0; next < sessions.length || ahead.length > 0;) {
      for (const session of sessions.slice(next, next + maxAhead - ahead.length)) {
        ahead.push(look(session));
        next++;
      }
      const hits = await ahead.shift();
      signal.throwIfAborted();
      yield* hits ?? [];
    }
  } finally {
    await Promise.allSettled(ahead);
  }
}

interface Word {
  readonly pattern: RegExp;
  /** As it stands in a line of JSON, in small letters. */
  readonly inLine: string;
}

const maxAhead = 16;
const sliceBytes = 64 * 1024;
const excerptBefore = 40;
const excerptAfter = 100;

function wordsOf(query: string): readonly Word[] {
  return query.split(/\s+/u).flatMap((word) => {
    if (word === '') return [];
    const pattern = new RegExp(word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu');
    return [{ pattern, inLine: JSON.stringify(word).slice(1, -1).toLowerCase() }];
  });
}

async function hitsIn(
  { agentId, title }: SessionMeta,
  textFile: string,
  words: readonly Word[],
  maxPerSession: number,
  signal: AbortSignal,
): Promise<readonly SearchHit[]> {
  const hits: SearchHit[] = [];
  if (words.every(({ pattern }) => pattern.test(title)))
    hits.push({ agentId, title, in: { kind: 'title' }, ...excerpt(title, words) });
  const seen = new Set<string>();
  for await (const lines of slicesOf(textFile)) {
    signal.throwIfAborted();
    for (const { messageId, role, createdAt, text } of matching(lines, words)) {
      // A line may stand twice after a crash.
      if (seen.has(messageId)) continue;
      seen.add(messageId);
      hits.push({ agentId, title, in: { kind: 'message', messageId, role, createdAt }, ...excerpt(text, words) });
      if (seen.size >= maxPerSession) return hits;
    }
  }
  return hits;
}

/** The whole lines of a file, some at a time, with a turn of the event loop in between; none when it is not there. */
async function* slicesOf(file: string): AsyncGenerator<readonly string[]> {
  const handle = await unlessFailing(['ENOENT', 'ENOTDIR'], open(file, 'r'));
  if (!handle) return;
  try {
    const buffer = Buffer.allocUnsafe(sliceBytes);
    const decoder = new StringDecoder('utf8');
    let rest: string[] = [];
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, sliceBytes, null);
      const [first = '', ...more] = decoder.write(buffer.subarray(0, bytesRead)).split('\n');
      rest.push(first);
      const last = more.pop();
      // A line that is longer than a slice is put together once, at its end.
      if (last !== undefined) {
        yield [rest.join(''), ...more];
        rest = [last];
      }
      if (bytesRead === 0) break;
      await nextTick();
    }
    yield [rest.join('')];
  } finally {
    await handle.close();
  }
}

/** Most lines are passed over as they stand; only those that may match are parsed. */
function matching(lines: readonly string[], words: readonly Word[]): readonly SearchLine[] {
  return lines.flatMap((line) => {
    const small = line.toLowerCase();
    if (!words.every(({ inLine }) => small.includes(inLine))) return [];
    const parsed = parseLine(line);
    return parsed && words.every(({ pattern }) => pattern.test(parsed.text)) ? [parsed] : [];
  });
}

/** undefined: cut off. */
function parseLine(line: string): SearchLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isSearchLine(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isSearchLine(value: unknown): value is SearchLine {
  return (
    isJsonObject(value) &&
    (value['role'] === 'user' || value['role'] === 'assistant') &&
    typeof value['messageId'] === 'string' &&
    typeof value['text'] === 'string' &&
    typeof value['createdAt'] === 'number'
  );
}

function excerpt(text: string, words: readonly Word[]): Pick<SearchHit, 'before' | 'match' | 'after'> {
  const found = words[0]?.pattern.exec(text);
  const [at, match] = [found?.index ?? 0, found?.[0] ?? ''];
  const end = at + match.length;
  const from = at <= excerptBefore ? 0 : wordStart(text, at - excerptBefore, at);
  const to = text.length - end <= excerptAfter ? text.length : wordEnd(text, end, end + excerptAfter);
  return {
    before: `${from > 0 ? '…' : ''}${flat(text.slice(from, at))}`,
    match,
    after: `${flat(text.slice(end, to))}${to < text.length ? '…' : ''}`,
  };
}

/** The first place after a blank; without one, a place that is not in the middle of a character. */
function wordStart(text: string, from: number, limit: number): number {
  const blank = text.slice(from, limit).search(/\s/);
  if (blank >= 0) return from + blank + 1;
  return /[\uDC00-\uDFFF]/.test(text.charAt(from)) ? from + 1 : from;
}

function wordEnd(text: string, from: number, limit: number): number {
  const cut = /[\uDC00-\uDFFF]/.test(text.charAt(limit)) ? limit - 1 : limit;
  const blank = /\s\S*$/.exec(text.slice(from, cut));
  return blank ? from + blank.index : cut;
}

function flat(text: string): string {
  return text.replace(/\s/g, ' ');
}
