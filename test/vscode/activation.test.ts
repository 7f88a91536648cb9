import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

const extensionId = 'countersign.countersign';

describe('activation', () => {
  it('contributes every command of the manifest', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension);
    await extension.activate();
    const manifest = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it("loads within 40 ms, as VS Code's own performance view reports it", async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    await extension?.activate();
    const row = await activationRow();
    console.log(`      load ${row.loadMs} ms, activate ${row.activateMs} ms`);
    assert.ok(row.loadMs <= 40, `load code: ${row.loadMs} ms`);
    assert.ok(row.loadMs + row.activateMs <= 50, `load and activate: ${row.loadMs + row.activateMs} ms`);
  });

  it('a command that has nothing to do says so and does no harm', async () => {
    await vscode.commands.executeCommand('countersign.stop');
    await vscode.commands.executeCommand('countersign.approve');
    await vscode.commands.executeCommand('countersign.reject', 'an argument', { of: 'a menu' });
  });
});

/** The line of our extension in "Startup Performance": | id | eager | load | call | finish | ... */
async function activationRow(): Promise<{ readonly loadMs: number; readonly activateMs: number }> {
  await vscode.commands.executeCommand('perfview.show');
  for (let attempt = 0; attempt < 100; attempt++) {
    const text = vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'perf')?.getText();
    const line = text
      ?.split('\n')
      .find((one) => one.includes(`| ${extensionId} `) || one.startsWith(`| ${extensionId}`));
    const cells = line?.split('|').map((cell) => cell.trim());
    if (cells && Number.isFinite(Number(cells[3]))) {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      return { loadMs: Number(cells[3]), activateMs: Number(cells[4]) };
    }
    await sleep(100);
  }
  throw new Error('The performance view shows no row of the extension.');
}
