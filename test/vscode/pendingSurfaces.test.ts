import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import {
  type CodeLens,
  CancellationTokenSource,
  commands,
  type Hover,
  MarkdownString,
  Position,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
  type SourceControl,
  type SourceControlResourceState,
} from 'vscode';
import { HunkCommands } from '../../src/extension/review/surfaces/hunkCommands';
import { HunkHover } from '../../src/extension/review/surfaces/hunkHover';
import { HunkLenses } from '../../src/extension/review/surfaces/hunkLenses';
import { allChangesTitle } from '../../src/extension/review/surfaces/openChanges';
import { showsAllUnder } from '../../src/extension/review/multiFileTabs';
import { eventually, tabSet } from './editsSupport';
import { cursorAt, PendingFixture, prefix } from './surfacesSupport';

const base = 'a\nb\nc\nd\ne\nf\ng\n';
const now = 'a\nB\nc\nd\nnew\ne\ng\n';

describe('pending hunks in the editor', () => {
  let fixture: PendingFixture;
  before(() => {
    fixture = new PendingFixture();
  });
  afterEach(() => fixture.reset());
  after(() => fixture.dispose());

  const lenses = async (uri: Uri): Promise<readonly (readonly [number, string])[]> => {
    await workspace.openTextDocument(uri);
    const all = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    return all.flatMap(({ range, command }) =>
      command && (command.command === '' || command.command.startsWith(`${prefix}.`))
        ? [[range.start.line, command.title] as const]
        : [],
    );
  };
  const hover = async (uri: Uri, line: number): Promise<MarkdownString | undefined> => {
    await workspace.openTextDocument(uri);
    const all = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, new Position(line, 0));
    const texts = all.flatMap(({ contents }) => contents);
    return texts.find((text): text is MarkdownString => text instanceof MarkdownString && text.value.includes(prefix));
  };

  it('landing opens nothing, moves nothing and takes no focus', async () => {
    const editor = await cursorAt(await fixture.land('mine\n', 'Mine\n'), 0);
    const tabs = tabSet();
    for (let file = 0; file < 5; file++) await fixture.land(base, now);
    assert.deepEqual(tabSet(), tabs);
    assert.equal(window.activeTextEditor?.document, editor.document);
  });

  it('each has its actions above it, which say which one it is', async () => {
    const uri = await fixture.land(base, now);
    const actions = ['Accept', 'Reject', 'Reject with reason…', 'Comment…'];
    const rows = [
      [1, 'Change 1 of 3 by Countersign'],
      [4, 'Change 2 of 3 by Countersign'],
      [6, 'Change 3 of 3 by Countersign: 1 line deleted here'],
    ] as const;
    assert.deepEqual(
      (await lenses(uri)).toSorted(([left], [right]) => left - right),
      rows.flatMap(([line, text]) => [...actions, text].map((title) => [line, title] as const)),
    );
  });

  it('the actions above a hunk decide it', async () => {
    const uri = await fixture.land(base, now);
    await workspace.openTextDocument(uri);
    const all = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    const lens = all.find(
      ({ range, command }) => range.start.line === 4 && command?.command === `${prefix}.rejectHunk`,
    );
    assert.ok(lens?.command?.arguments);
    await commands.executeCommand(lens.command.command, ...(lens.command.arguments as unknown[]));
    assert.equal((await workspace.openTextDocument(uri)).getText(), 'a\nB\nc\nd\ne\ng\n');
    assert.equal((await lenses(uri)).length, 10);
  });

  it('they follow what the user types, and say so', async () => {
    const uri = await fixture.land(base, now);
    const editor = await cursorAt(uri, 0);
    await editor.edit((edit) => edit.insert(new Position(0, 0), 'mine\n'));
    await editor.edit((edit) => edit.insert(new Position(2, 1), '!'));
    const texts = (await lenses(uri)).filter(([, title]) => title.includes('Countersign'));
    assert.deepEqual(texts[0], [2, 'Change 1 of 3 by Countersign (with your changes)']);
  });

  it('a file without pending hunks has none', async () => {
    const uri = await fixture.land(base, now);
    await fixture.run('acceptAll');
    assert.deepEqual([await lenses(uri), await hover(uri, 1)], [[], undefined]);
  });

  it('hovering shows what stood there, and nothing of it is a command', async () => {
    const evil = '```\n[run](command:workbench.action.quit) <img src=x>\n';
    const uri = await fixture.land(`a\n${evil}z\n`, 'a\nb\nz\n', 'msg-1', '.ts');
    const text = await hover(uri, 1);
    assert.ok(text);
    assert.ok(text.value.includes(`\n\n\`\`\`\`typescript\n${evil}\`\`\`\`\n\n`), text.value);
    assert.match(text.value, /^\*\*Change 1 of 1 by Countersign\*\*/);
    assert.notEqual(text.supportHtml, true);
    // The editor gives providers' texts back without their trust: the links themselves are looked at.
    const links = [...text.value.matchAll(/\]\(command:([\w.-]+)\?([^)]*)\)/g)];
    assert.deepEqual(
      links.map(([, name]) => name?.replace(`${prefix}.`, '')),
      ['acceptHunk', 'rejectHunk', 'rejectHunkWithReason', 'commentHunk', 'openPendingChanges'],
    );
    const args: unknown = JSON.parse(decodeURIComponent(links[0]?.[2] ?? ''));
    assert.deepEqual(args, [uri.toString(), 1]);
    assert.equal(await hover(uri, 0), undefined);
  });

  it('hovering beside deleted lines shows them', async () => {
    const uri = await fixture.land(base, now);
    assert.match((await hover(uri, 6))?.value ?? '', /Before:\n\n```plaintext\nf\n```/);
    assert.match((await hover(uri, 4))?.value ?? '', /Nothing stood here before\./);
  });

  it('lenses, hover and accepting one of 500 hunks in 5,000 lines take less than 50 ms each', async () => {
    const lines = Array.from({ length: 5_000 }, (_, line) => `line ${line} of a file`);
    const changed = lines.map((line, index) => (index % 10 === 0 ? `${line}, changed` : line));
    const uri = await fixture.land(`${lines.join('\n')}\n`, `${changed.join('\n')}\n`);
    const document = (await cursorAt(uri, 2_500)).document;
    const names = new HunkCommands(prefix);
    const lensProvider = new HunkLenses(fixture.reviews, names);
    const hoverProvider = new HunkHover(fixture.reviews, names);
    const timed = async (what: () => unknown): Promise<number> => {
      const start = performance.now();
      await what();
      return performance.now() - start;
    };
    const tookMs = {
      lenses: await timed(() => lensProvider.provideCodeLenses(document)),
      hover: await timed(() => hoverProvider.provideHover(document, new Position(2_500, 0))),
      accept: await timed(() => fixture.run('acceptHunk')),
    };
    assert.equal(lensProvider.provideCodeLenses(document).length, 499 * 5);
    lensProvider.dispose();
    assert.ok(
      Object.values(tookMs).every((time) => time < 50),
      JSON.stringify(tookMs),
    );
  });

  it('the view of all files is known as such, whatever the editor says of its tab', async () => {
    await fixture.land(base, now);
    await fixture.land(base, now);
    const active = () => window.tabGroups.activeTabGroup.activeTab;
    await fixture.run('showAllPending');
    await eventually('the view is in front', () => active()?.label.startsWith(allChangesTitle));
    assert.equal(showsAllUnder(allChangesTitle, active() ?? assert.fail('no tab')), true);
    await fixture.run('openPendingChanges');
    await eventually('one file is in front', () => active()?.input instanceof TabInputTextDiff);
    assert.equal(showsAllUnder(allChangesTitle, active() ?? assert.fail('no tab')), false);
  });

  describe('in the Source Control view', () => {
    const control = (): SourceControl | undefined => fixture.surfaces.source.control;
    const states = (): readonly (readonly [string, string])[] =>
      (fixture.surfaces.source.states ?? []).map(({ resourceUri, decorations }) => [
        path.basename(resourceUri.path),
        `${decorations?.tooltip?.replace(/^.*?(?= \(|:)/, '')}${decorations?.strikeThrough ? ' struck' : ''}`,
      ]);

    it('it is there only while something is pending', async () => {
      assert.equal(control(), undefined);
      await fixture.land(base, now);
      assert.equal(control()?.count, 1);
      assert.equal(control()?.inputBox.visible, false);
      await fixture.run('acceptAll');
      assert.deepEqual([control(), fixture.surfaces.source.states], [undefined, undefined]);
      await fixture.land(base, now);
      assert.equal(control()?.count, 1);
    });

    it('each file has a row that says what waits', async () => {
      const modified = await fixture.land(base, now);
      const created = await fixture.land(undefined, 'x\n');
      const deleted = await fixture.land('x\n', undefined);
      const names = [modified, created, deleted].map((uri) => path.basename(uri.path));
      assert.deepEqual(states(), [
        [names[0], ': 3 changes to review'],
        [names[1], ' (new): 1 change to review'],
        [names[2], ' (deleted): 1 change to review struck'],
      ]);
    });

    it('a click opens what was countersigned beside the live file', async () => {
      const uri = await fixture.land(base, now);
      const { command } = (fixture.surfaces.source.states as SourceControlResourceState[])[0]!;
      await commands.executeCommand(command!.command, ...(command!.arguments as unknown[]));
      const tab = window.tabGroups.activeTabGroup.activeTab;
      assert.ok(tab?.input instanceof TabInputTextDiff);
      assert.equal(tab.input.modified.toString(), uri.toString());
      assert.equal(tab.label, `${workspace.asRelativePath(uri)} — to review`);
      const old = await workspace.openTextDocument(tab.input.original);
      assert.equal(old.getText(), base);
      await cursorAt(uri, 1);
      await fixture.run('acceptHunk');
      await eventually('the old side follows', () => old.getText() === 'a\nB\nc\nd\ne\nf\ng\n');
      await fixture.run('acceptAll');
      await eventually('nothing differs any more', () => old.getText() === now);
      assert.ok(tabSet().some((one) => one.includes(tab.label)));
    });

    it('the editor’s own marks compare with what was countersigned, and only pending files', async () => {
      const uri = await fixture.land(base, now);
      const { token } = new CancellationTokenSource();
      const baseline = async (file: Uri): Promise<Uri | null | undefined> =>
        control()?.quickDiffProvider?.provideOriginalResource?.(file, token);
      const original = await baseline(uri);
      assert.ok(original);
      assert.equal((await workspace.openTextDocument(original)).getText(), base);
      assert.equal(await baseline(Uri.file('/elsewhere')), undefined);
      const created = await baseline(await fixture.land(undefined, 'x\n'));
      assert.equal((await workspace.openTextDocument(created!)).getText(), '');
    });
  });

  it('all pending files open in one view, on request only', async () => {
    await fixture.land(base, now);
    await fixture.land(undefined, 'x\n');
    await fixture.land('x\n', undefined);
    assert.deepEqual(tabSet(), []);
    await fixture.run('showAllPending');
    await eventually('the view is open', () => tabSet().some((tab) => tab.includes('Changes to Review')));
  });
});
