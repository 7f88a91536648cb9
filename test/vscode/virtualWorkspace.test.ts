import { strict as assert } from 'node:assert';
import { Uri, window, workspace, type Disposable } from 'vscode';
import { isAgentError } from '../../src/core/errors';
import type { WorkspacePath } from '../../src/core/sandbox/sandbox';
import { ProposalFiles } from '../../src/extension/review/proposalFiles';
import { Proposals } from '../../src/extension/review/proposals';
import { VirtualSandbox } from '../../src/extension/virtual/virtualSandbox';
import { isVirtual } from '../../src/extension/virtual/virtualPaths';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';
import { append, eventually, unheard } from './editsSupport';
import { MemoryDisk } from './memoryDisk';

const scheme = 'countersign-disk';
const root = `${scheme}://server/ws`;

describe('a virtual workspace', () => {
  const disk = new MemoryDisk();
  const files = new ProposalFiles('countersign-virtual-test');
  const proposals = new Proposals(files, (problem) => assert.fail(String(problem)), 'countersign-virtual-test');
  let registered: Disposable;
  let sandbox: VirtualSandbox;
  before(() => {
    registered = workspace.registerFileSystemProvider(scheme, disk, { isCaseSensitive: true });
    const roots = [{ name: 'ws', path: root }];
    sandbox = new VirtualSandbox(roots, (inFront) => new WorkspaceEdits(proposals, inFront));
    disk.put({
      '/ws/src/a.ts': 'const needle = 1;\n',
      '/ws/src/with blank #1%20.ts': 'needle\n',
      '/ws/.env': 'needle=SECRET\n',
      '/ws/.gitignore': 'out/\n',
      '/ws/out/b.ts': 'needle\n',
      '/ws/picture.png': Buffer.from([0x89, 0x50, 0, 0]),
      '/ws-evil/x': 'needle\n',
      '/ws/link/x': 'x',
    });
    disk.putLink('/ws/link');
  });
  after(async () => {
    proposals.dispose();
    await proposals.settled();
    files.dispose();
    await sandbox.dispose();
    registered.dispose();
  });
  const resolve = (path: string) => sandbox.files.resolve(path, unheard());
  const read = async (path: string) => (await sandbox.files.readText((await resolve(path)).path, unheard())).text;
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then<string, string>(
      () => 'nothing was refused',
      (error: unknown) => (isAgentError(error) ? error.code : String(error)),
    );

  it('is known by its scheme', () => {
    assert.equal(isVirtual(Uri.parse(root)), true);
    assert.equal(isVirtual(Uri.file('/ws')), false);
  });

  it('is read by relative and by its own absolute paths', async () => {
    assert.equal(await read('src/a.ts'), 'const needle = 1;\n');
    assert.equal(await read(`${root}/src/a.ts`), 'const needle = 1;\n');
    const odd = await resolve('./src//with blank #1%20.ts');
    assert.deepEqual([odd.exists, odd.display, await read(odd.path)], [true, 'src/with blank #1%20.ts', 'needle\n']);
    assert.deepEqual(await sandbox.files.list((await resolve('src')).path, unheard()), [
      { name: 'a.ts', kind: 'file' },
      { name: 'with blank #1%20.ts', kind: 'file' },
    ]);
    assert.equal((await sandbox.files.stat((await resolve('src/a.ts')).path, unheard()))?.sizeBytes, 18);
    assert.equal((await resolve('src/none.ts')).exists, false);
  });

  it('refuses to be left', async () => {
    for (const path of [
      '../ws-evil/x',
      '/ws-evil/x',
      `${root}-evil/x`,
      `${scheme}://server/ws/../ws-evil/x`,
      `${scheme}://other/ws/src/a.ts`,
      `${scheme}://server/ws/%2e%2e/ws-evil/x`,
      `${root}/src/..%2f..%2fws-evil/x`,
    ])
      assert.equal(await codeOf(resolve(path)), 'outside', path);
    for (const path of ['file:///etc/passwd', 'vscode-userdata:///User/settings.json'])
      assert.equal(await codeOf(resolve(path)), 'uri', path);
    assert.equal(await codeOf(resolve('link/x')), 'symlink');
    assert.equal(await codeOf(resolve('')), 'empty_path');
    assert.equal(
      await codeOf(sandbox.files.readText(`${scheme}://server/ws-evil/x` as WorkspacePath, unheard())),
      'outside',
    );
  });

  it('guards the same paths, and refuses what is no text', async () => {
    assert.equal((await resolve('.env')).guarded?.kind, 'secret');
    assert.equal((await resolve('sub/.git/config')).guarded?.kind, 'protected');
    assert.equal((await resolve('src/a.ts')).guarded, undefined);
    assert.equal(await codeOf(read('picture.png')), 'binary');
    assert.equal(await codeOf(read('src')), 'not_a_file');
    assert.equal(await codeOf(read('none')), 'not_found');
  });

  it('is searched as folders on a disk are: without ignored files, secrets and links', async () => {
    const { search } = sandbox;
    const glob = { pattern: '**/*.ts', cwd: undefined, dot: false, limit: 10 };
    assert.deepEqual(await search.glob(glob, unheard()), {
      paths: ['src/a.ts', 'src/with blank #1%20.ts'],
      truncated: false,
    });
    assert.deepEqual(await search.glob({ ...glob, limit: 1 }, unheard()), { paths: ['src/a.ts'], truncated: true });
    const inOut = await search.glob({ ...glob, cwd: (await resolve('out')).path }, unheard());
    assert.deepEqual(inOut.paths, ['out/b.ts']);
    const grep = { pattern: 'needle', path: undefined, regex: false, caseSensitive: true, glob: undefined, limit: 10 };
    assert.deepEqual(await search.grep(grep, unheard()), {
      matches: [
        { path: 'src/a.ts', line: 1, column: 7, preview: 'const needle = 1;' },
        { path: 'src/with blank #1%20.ts', line: 1, column: 1, preview: 'needle' },
      ],
      truncated: false,
      secretFiles: 1,
    });
    assert.equal((await search.grep({ ...grep, glob: 'a.*' }, unheard())).matches.length, 1);
  });

  it('is edited through the editor: created, changed, deleted; a stale plan is refused', async () => {
    const { path, display } = await resolve('src/new.ts');
    const change = (before: string | undefined, after: string | undefined) =>
      sandbox.edits.apply({ kind: 'unasked' }, [{ path, display, before, after }], unheard());
    await change(undefined, 'one\n');
    assert.equal(disk.text('/ws/src/new.ts'), 'one\n');
    await change('one\n', 'two\n');
    assert.equal(disk.text('/ws/src/new.ts'), 'two\n');
    assert.equal(await codeOf(change('one\n', 'three\n')), 'stale');
    await change('two\n', undefined);
    assert.equal(disk.text('/ws/src/new.ts'), undefined);
  });

  it('shows unsaved text of an open document', async () => {
    const editor = await window.showTextDocument(Uri.parse(`${root}/src/a.ts`));
    await append(editor, '// typed');
    assert.equal(await read('src/a.ts'), 'const needle = 1;\n// typed');
    await editor.document.save();
    await eventually('it is saved', () => disk.text('/ws/src/a.ts')?.includes('typed'));
  });

  it('runs no command and says why', async () => {
    const request = { command: 'ls', cwd: (await resolve('.')).path };
    assert.equal(await codeOf(sandbox.commands.judge(request, unheard())), 'command_unavailable');
    assert.equal(
      await codeOf(sandbox.commands.start({ ...request, onOutput: () => undefined }, unheard())),
      'command_unavailable',
    );
  });
});
