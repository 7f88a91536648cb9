import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { buildChildProgram, type ChildProgram } from '../support/childProgram';
import { trials } from '../support/share';
import { useTempFolder } from '../support/tempFolder';

interface Report {
  readonly characters: number;
  readonly live: number;
  readonly endedBy: string;
  readonly peakMegabytes: number;
}

describe('A command that writes and writes', function () {
  this.timeout(120_000);
  const folder = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/support/outputProgram.ts');
  });
  after(() => program.remove());

  it('takes no memory for what it writes beyond the head and the tail', async () => {
    const megabytes = trials(40, 500);
    const child = program.start([folder.path, String(megabytes)]);
    const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const report = JSON.parse(output) as Report;
    assert.equal(report.endedBy, 'exit');
    assert.ok(report.characters < 66_000, output);
    assert.ok(report.live < 600_000, output);
    assert.ok(report.peakMegabytes < 180, output);
  });
});
