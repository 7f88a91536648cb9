import { Hover, MarkdownString, Range, type HoverProvider, type Position, type TextDocument } from 'vscode';
import type { PendingReviews } from '../pendingReviews';
import type { HunkCommands } from './hunkCommands';
import { hunkAt, shownHunks } from './hunkPlaces';
import { beforeText, placeText } from './hunkText';

/** Over a pending hunk: what stood there before, and what can be done. */
export class HunkHover implements HoverProvider {
  readonly #pending: PendingReviews;
  readonly #commands: HunkCommands;

  constructor(pending: PendingReviews, commands: HunkCommands) {
    this.#pending = pending;
    this.#commands = commands;
  }

  provideHover(document: TextDocument, { line }: Position): Hover | undefined {
    const file = this.#pending.file(document.uri);
    const hunks = file ? shownHunks(file.review) : [];
    const hunk = hunkAt(hunks, line);
    if (!file || !hunk) return undefined;
    const commands = this.#commands.of(file.uri, hunk.id);
    const links = commands.map(({ title, command, args }) => `[${title}](${linkTo(command, args)})`);
    const open = `[Open changes](${linkTo(this.#commands.name('openPendingChanges'), [file.uri.toString()])})`;
    const head = `**Change ${placeText(hunk, hunks)}**`;
    const text = [head, beforeText(hunk, document.languageId), [...links, open].join(' · ')].join('\n\n');
    const markdown = new MarkdownString(text);
    // Nothing else in the text may run anything.
    const enabledCommands = [...commands.map(({ command }) => command), this.#commands.name('openPendingChanges')];
    markdown.isTrusted = { enabledCommands };
    const last = Math.min(hunk.nowStart + hunk.nowLines, document.lineCount) - 1;
    return new Hover(
      markdown,
      last >= hunk.nowStart ? new Range(hunk.nowStart, 0, last, Number.MAX_SAFE_INTEGER) : undefined,
    );
  }
}

function linkTo(command: string, args: readonly unknown[]): string {
  // Parentheses would end the link.
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
  return `command:${command}?${encoded}`;
}
