import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { panelCommands } from '../../src/core/protocol/ops';

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

/** The menus of VS Code 1.110 that need no proposed API and that we use or may use. */
const stableMenus = [
  'commandPalette',
  'view/title',
  'view/item/context',
  'editor/title',
  'editor/title/context',
  'editor/context',
  'editor/lineNumber/context',
  'explorer/context',
  'scm/title',
  'scm/sourceControl',
  'scm/resourceGroup/context',
  'scm/resourceState/context',
  'scm/change/title',
  'comments/commentThread/title',
  'comments/commentThread/context',
  'comments/comment/title',
];

describe('the manifest', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const contributed = manifest.contributes.commands.map((one) => one.command).toSorted();

  it('contributes exactly the commands of the command table', () => {
    const table = [...readFileSync('src/extension/commands.ts', 'utf8').matchAll(/\['(countersign\.\w+)'/g)].map(
      ([, id]) => id,
    );
    assert.ok(table.length > 10);
    assert.deepEqual(table.toSorted(), contributed);
  });

  it('knows every command that the panel, a menu or a key may run', () => {
    const used = [
      ...panelCommands,
      ...Object.values(manifest.contributes.menus).flatMap((entries) => entries.map((entry) => entry.command)),
      ...manifest.contributes.keybindings.map((binding) => binding.command),
    ];
    assert.deepEqual(
      used.filter((id) => !contributed.includes(id)),
      [],
    );
  });

  it('uses no proposed API, in menus neither', () => {
    assert.equal(manifest.enabledApiProposals, undefined);
    assert.deepEqual(
      Object.keys(manifest.contributes.menus).filter((menu) => !stableMenus.includes(menu)),
      [],
    );
  });

  it('gives each command a key of its own', () => {
    const keys = manifest.contributes.keybindings.map(({ key }) => key);
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    );
  });

  it('lets no workspace weaken what is about keys, endpoints and models', () => {
    for (const [name, setting] of Object.entries(manifest.contributes.configuration.properties))
      assert.equal(setting.scope, 'application', name);
  });

  it('pins every package exactly', () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    assert.deepEqual(loose, []);
    assert.equal(manifest.engines.vscode, '^1.110.0');
    assert.match(manifest.devDependencies['@types/vscode'] ?? '', /^1\.110\./);
  });
});
