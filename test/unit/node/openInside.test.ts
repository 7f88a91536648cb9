import { strict as assert } from 'node:assert';
import { readdir, rename, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { openFolderInside } from '../../../src/node/openInside';
import { PathBox } from '../../../src/node/pathBox';
import { refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

describe('openFolderInside', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const box = (): PathBox => new PathBox({ roots: [{ name: 'ws', path: at('ws') }] });
  beforeEach(() => temp.write({ 'ws/d/x': '', 'outside/y': '' }));

  it('stays in its folder when a link takes the place of it', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = await openFolderInside(box(), at('ws/d'));
    await rename(at('ws/d'), at('ws/moved'));
    await symlink(at('outside'), at('ws/d'));
    await writeFile(folder.at('new'), '');
    await folder.close();
    assert.deepEqual(await readdir(at('outside')), ['y']);
    assert.deepEqual(await readdir(at('ws/moved')), ['new', 'x']);
  });

  it('refuses links, folders outside and what is no folder', async () => {
    await symlink(at('outside'), at('ws/link'));
    await refusalOf('raced', openFolderInside(box(), at('ws/link')));
    await refusalOf('raced', openFolderInside(box(), at('outside')));
    await refusalOf('not_a_file', openFolderInside(box(), at('ws/d/x')));
    await refusalOf('not_found', openFolderInside(box(), at('ws/none')));
  });
});
