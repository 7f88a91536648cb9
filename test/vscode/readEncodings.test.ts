import { strict as assert } from 'node:assert';
import { ConfigurationTarget, workspace } from 'vscode';
import { LocalSandbox } from '../../src/node/localSandbox';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import { EditsFixture, hexOn, refusal, unheard } from './editsSupport';

/** 日本語 and 中文 as the encodings of these countries write them. */
const samples = [
  { encoding: 'shiftjis', text: '日本語\n', hex: '93fa967b8cea0a' },
  { encoding: 'gbk', text: '中文\n', hex: 'd6d0cec40a' },
  { encoding: 'windows1252', text: 'naïve €\n', hex: '6e61ef76652080 0a'.replaceAll(' ', '') },
];

describe('files in the encodings of the settings', () => {
  let fixture: EditsFixture;
  let sandbox: LocalSandbox;
  const read = async (file: string) =>
    sandbox.files.readText((await sandbox.files.resolve(file, unheard())).path, unheard());
  const setting = (section: string, value: unknown, languageId?: string) =>
    workspace
      .getConfiguration('files', languageId === undefined ? undefined : { languageId })
      .update(section, value, ConfigurationTarget.Workspace, languageId !== undefined);
  before(() => {
    fixture = new EditsFixture();
    sandbox = new LocalSandbox({ workDir: fixture.folder, files: (onDisk) => new WorkspaceFiles(onDisk) });
  });
  afterEach(async () => {
    await setting('encoding', undefined);
    await setting('encoding', undefined, 'plaintext');
    await fixture.reset();
  });
  after(async () => {
    await sandbox.dispose();
    await fixture.dispose();
  });

  for (const { encoding, text, hex } of samples)
    it(`${encoding}: a file that is not open is read, and edited without other bytes changing`, async () => {
      await setting('encoding', encoding);
      const file = fixture.write(Buffer.from(hex, 'hex'));
      assert.deepEqual(await read(file), { text, encoding, hasBom: false });
      await fixture.apply(file, text, `${text}x\n`);
      assert.equal(hexOn(file), `${hex}780a`);
    });

  it('a setting for one language counts for its files', async () => {
    await setting('encoding', 'gbk', 'plaintext');
    assert.equal((await read(fixture.write(Buffer.from('d6d0cec40a', 'hex')))).text, '中文\n');
    assert.equal((await read(fixture.write('grün\n', '.json'))).text, 'grün\n');
  });

  it('bytes that are valid UTF-8 as well are read as the setting says, so that an edit finds the same text', async () => {
    await setting('encoding', 'windows1252');
    const file = fixture.write('é\n');
    assert.equal((await read(file)).text, 'Ã©\n');
    await fixture.apply(file, 'Ã©\n', 'Ã©!\n');
    assert.equal(hexOn(file), 'c3a9210a');
  });

  it('a byte order mark says more than the setting', async () => {
    await setting('encoding', 'windows1252');
    assert.deepEqual(await read(fixture.write('\uFEFFé\n')), { text: 'é\n', encoding: 'utf-8', hasBom: true });
    const utf16 = Buffer.from('\uFEFFé\n', 'utf16le');
    assert.deepEqual(await read(fixture.write(utf16)), { text: 'é\n', encoding: 'utf-16le', hasBom: true });
  });

  it('without a setting other bytes than UTF-8 are refused, and binary ones always', async () => {
    assert.equal((await refusal(read(fixture.write(Buffer.from('93fa', 'hex'))))).code, 'unsupported_encoding');
    await setting('encoding', 'gbk');
    assert.equal((await refusal(read(fixture.write(Buffer.from('00ff00fe0001', 'hex'))))).code, 'binary');
  });
});
