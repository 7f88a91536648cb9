import { strict as assert } from 'node:assert';
import { Range, window, workspace, WorkspaceEdit } from 'vscode';
import { newPermissionId } from '../../src/core/protocol/ids';
import { PlanDocuments } from '../../src/extension/plans/planDocuments';
import { tabsOf } from '../../src/extension/strayTabs';

const written = '# Signs\n\n1. Change it.\n';

describe('a plan in the editor', function () {
  this.timeout(60_000);
  const values = new Map<string, unknown>();
  const memento = {
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
  let plans: PlanDocuments;
  let changes = 0;
  const open = () =>
    new PlanDocuments({
      memento,
      onChange: () => changes++,
      reportError: (what) => assert.fail(what),
      // The extension, where it runs by now, has its own.
      scheme: 'plan-test',
    });
  afterEach(() => plans.dispose());

  it('is changed there, is kept unsaved too, and closes without a question when it is answered', async () => {
    plans = open();
    const permissionId = newPermissionId();
    assert.equal(plans.text(permissionId), undefined);
    await plans.open(permissionId, '../Keep: the sign/?', written);
    const { document } = window.activeTextEditor ?? assert.fail('no editor');
    assert.deepEqual(
      [document.getText(), document.languageId, document.uri.path],
      [written, 'markdown', '/Keep-the-sign.md'],
    );
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(2, 0, 2, 13), '1. Change the cart.');
    await workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    assert.equal(plans.text(permissionId), '# Signs\n\n1. Change the cart.\n');
    assert.ok(changes > 0);
    plans.dispose();
    // The window was reloaded.
    plans = open();
    assert.equal(plans.text(permissionId), '# Signs\n\n1. Change the cart.\n');
    await plans.close(permissionId);
    assert.equal(tabsOf(document.uri).length, 0);
    assert.equal(plans.text(permissionId), undefined);
  });
});
