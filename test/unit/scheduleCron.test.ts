import { strict as assert } from 'node:assert';
import { ConfigError } from '../../src/core/errors';
import { parseCron } from '../../src/core/schedule/cron';

describe('a cron line', () => {
  const zone = process.env['TZ'];
  before(() => {
    process.env['TZ'] = 'Europe/Berlin';
  });
  after(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  /** The next times after `from`, as the clock in Berlin shows them, with the offset where it matters. */
  function times(line: string, from: string, count: number): readonly string[] {
    const cron = parseCron(line);
    const found: string[] = [];
    for (let time = new Date(from).getTime(); found.length < count;) {
      time = cron.next(time);
      found.push(shown(new Date(time)));
    }
    return found;
  }

  function shown(date: Date): string {
    const two = (value: number): string => String(value).padStart(2, '0');
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    return `${day} ${two(date.getHours())}:${two(date.getMinutes())} +${date.getTimezoneOffset() / -60}`;
  }

  const cases: readonly (readonly [name: string, line: string, from: string, expected: readonly string[]])[] = [
    ['goes by the local clock', '30 9 * * *', '2026-11-20T09:30', ['2026-11-21 09:30 +1', '2026-11-22 09:30 +1']],
    [
      'knows lists, ranges and steps',
      '0,15-17,40-59/10 8-9 * * *',
      '2026-11-20T07:00',
      ['00', '15', '16', '17', '40', '50'].map((minute) => `2026-11-20 08:${minute} +1`),
    ],
    [
      'knows the names of months and days',
      '0 12 * JAN-feb,dec Mon-fri',
      '2026-11-28T00:00',
      ['2026-12-01 12:00 +1', '2026-12-02 12:00 +1'],
    ],
    ['takes 7 for Sunday', '0 0 * * 7', '2026-11-20T00:00', ['2026-11-22 00:00 +1', '2026-11-29 00:00 +1']],
    [
      'takes Sunday for the end of the week too',
      '0 0 * * sat-sun',
      '2026-11-20T00:00',
      ['2026-11-21 00:00 +1', '2026-11-22 00:00 +1', '2026-11-28 00:00 +1'],
    ],
    [
      'takes the day of the month or that of the week where both are given',
      '0 0 13 * fri',
      '2026-11-07T00:00',
      ['2026-11-13 00:00 +1', '2026-11-20 00:00 +1', '2026-11-27 00:00 +1', '2026-12-04 00:00 +1'],
    ],
    [
      'wants both where one of them is a star with a step',
      '0 0 */2 * mon',
      '2026-11-01T00:00',
      ['2026-11-09 00:00 +1', '2026-11-23 00:00 +1'],
    ],
    ['finds the 29th of February', '0 0 29 2 *', '2026-01-01T00:00', ['2028-02-29 00:00 +1', '2032-02-29 00:00 +1']],
    ['finds it beyond a year that has none', '0 0 29 2 *', '2096-03-01T00:00', ['2104-02-29 00:00 +1']],
    [
      'is done at the end of the hour that the spring leaves out',
      '30 2 * * *',
      '2026-03-28T12:00',
      ['2026-03-29 03:00 +2', '2026-03-30 02:30 +2'],
    ],
    [
      'is done once for all that the spring leaves out',
      '10,50 2 * * *',
      '2026-03-28T12:00',
      ['2026-03-29 03:00 +2', '2026-03-30 02:10 +2'],
    ],
    [
      'of every hour goes by the clock in spring',
      '30 * * * *',
      '2026-03-29T00:45',
      ['2026-03-29 01:30 +1', '2026-03-29 03:30 +2'],
    ],
    [
      'is done once in the hour that the autumn doubles, the first time',
      '30 2 * * *',
      '2026-10-24T12:00',
      ['2026-10-25 02:30 +2', '2026-10-26 02:30 +1'],
    ],
    [
      'of every hour is done in both of them',
      '30 * * * *',
      '2026-10-25T01:00',
      ['2026-10-25 01:30 +2', '2026-10-25 02:30 +2', '2026-10-25 02:30 +1', '2026-10-25 03:30 +1'],
    ],
    [
      'of every half hour of one hour too',
      '*/30 2 * * *',
      '2026-10-25T01:00',
      ['2026-10-25 02:00 +2', '2026-10-25 02:30 +2', '2026-10-25 02:00 +1', '2026-10-25 02:30 +1'],
    ],
  ];
  for (const [name, line, from, expected] of cases)
    it(`${name}: ${line}`, () => assert.deepEqual(times(line, from, expected.length), expected));

  const refused: readonly (readonly [line: string, field: RegExp])[] = [
    ['60 * * * *', /The minute .* "60"/],
    ['* 24 * * *', /The hour .* "24"/],
    ['* * 0 * *', /The day of the month .* "0"/],
    ['* * * 13 *', /The month .* "13"/],
    ['* * * * 8', /The day of the week .* "8"/],
    ['* * * * mittwoch', /The day of the week .* "mittwoch"/],
    ['9-5 * * * *', /The minute .* "9-5"/],
    ['*/0 * * * *', /The minute .* "\*\/0"/],
    ['5/15 * * * *', /The minute .* "5\/15"/],
    ['1-2-3 * * * *', /The minute/],
    ['1,,2 * * * *', /The minute .* ""/],
    ['-1 * * * *', /The minute/],
    ['1.5 * * * *', /The minute/],
    ['* * * *', /five fields/],
    ['', /five fields/],
    ['0 0 30 2 *', /no such day of the month/],
  ];
  for (const [line, message] of refused)
    it(`is refused with the name of the field: ${JSON.stringify(line)}`, () => {
      assert.throws(
        () => parseCron(line),
        (error) => error instanceof ConfigError && message.test(error.message) && error.advice !== '',
      );
    });

  it('goes by a clock that is put on by half an hour', () => {
    process.env['TZ'] = 'Australia/Lord_Howe';
    const cron = parseCron('15 2 * * *');
    // On 2026-10-04 the clock goes from 02:00 to 02:30.
    const due = new Date(cron.next(new Date('2026-10-03T12:00').getTime()));
    process.env['TZ'] = 'Europe/Berlin';
    assert.equal(due.toISOString(), '2026-10-03T15:30:00.000Z');
  });
});
