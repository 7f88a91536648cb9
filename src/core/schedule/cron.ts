import { ConfigError } from '../errors';
import { parseCronField, type CronField, type FieldRule } from './cronField';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minuteRule: FieldRule = { name: 'minute', min: 0, max: 59 };
const hourRule: FieldRule = { name: 'hour', min: 0, max: 23 };
const dayRule: FieldRule = { name: 'day of the month', min: 1, max: 31 };
const monthRule: FieldRule = { name: 'month', min: 1, max: 12, names: months };
const weekdayRule: FieldRule = { name: 'day of the week', min: 0, max: 7, names: days };

const minuteMs = 60_000;
/** The 29th of February is missing for eight years around 2100. */
const farthestDays = 8 * 366 + 1;

/** When a cron line is due. */
export interface Cron {
  /** The first moment after `time` at which it is due. Milliseconds since 1970. */
  readonly next: (time: number) => number;
}

/**
 * Reads a cron line: minute, hour, day of the month, month, day of the week, with blanks between them, in the local time zone.
 * Fields are numbers, names (`jan`, `mon`), `*`, ranges `1-5`, steps `0-59/10` and lists of these; Sunday is 0 or 7. A day counts
 * when it is the right day of the month **or** of the week, unless one of the two begins with `*`: then both must fit.
 *
 * Where the clocks change, what Vixie's cron does: a line whose minute or hour begins with `*` goes by what the clock shows, so in
 * an hour that is left out it is not due, and in one that comes twice it is due twice. Every other line is due once on each of its
 * days: what was left out as soon as the clock goes on, what comes twice the first time.
 * @throws ConfigError 'invalid_value', naming the field, or that there is no such day.
 */
export function parseCron(line: string): Cron {
  const fields = line.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5)
    throw new ConfigError('invalid_value', `A cron line has five fields, ${JSON.stringify(line)} has not.`, {
      advice: 'Give minute, hour, day of the month, month and day of the week, as in "30 9 * * mon-fri".',
    });
  const spec: Spec = {
    minute: parseCronField(minute, minuteRule),
    hour: parseCronField(hour, hourRule),
    day: parseCronField(day, dayRule),
    month: parseCronField(month, monthRule),
    weekday: parseCronField(weekday, weekdayRule),
  };
  const next = spec.minute.isStar || spec.hour.isStar ? nextByTheClock : nextOfTheDay;
  if (next(spec, 0) === undefined)
    throw new ConfigError('invalid_value', `There is no such day of the month: ${JSON.stringify(line)}.`, {
      advice: 'Look at the day of the month and the month.',
    });
  return { next: (time) => next(spec, time) ?? Infinity };
}

interface Spec {
  readonly minute: CronField;
  readonly hour: CronField;
  readonly day: CronField;
  readonly month: CronField;
  readonly weekday: CronField;
}

/** Each of its times once a day. */
function nextOfTheDay(spec: Spec, after: number): number | undefined {
  const start = new Date(after);
  for (let later = 0; later < farthestDays; later++) {
    const noon = new Date(start.getFullYear(), start.getMonth(), start.getDate() + later, 12);
    if (!isDay(spec, noon)) continue;
    for (const hour of spec.hour.values)
      for (const minute of spec.minute.values) {
        const time = momentOf(noon, hour, minute);
        if (time > after) return time;
      }
  }
  return undefined;
}

/** When the clock shows that time: the first time it does; where it never does, when it goes on after the hour that is left out. */
function momentOf(day: Date, hour: number, minute: number): number {
  // By the language's rules: the first of two, and as much after the gap as it would have been after its start.
  const found = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute);
  if (found.getHours() === hour && found.getMinutes() === minute) return found.getTime();
  const offset = found.getTimezoneOffset();
  let time = found.getTime();
  while (new Date(time - minuteMs).getTimezoneOffset() === offset) time -= minuteMs;
  return time;
}

/** Whenever the clock shows one of its times. */
function nextByTheClock(spec: Spec, after: number): number | undefined {
  const farthest = after + farthestDays * 24 * 60 * minuteMs;
  let time = (Math.floor(after / minuteMs) + 1) * minuteMs;
  while (time < farthest) {
    const date = new Date(time);
    const minute = date.getMinutes();
    if (!isDay(spec, date)) time = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
    else if (!spec.hour.values.includes(date.getHours())) time += (60 - minute) * minuteMs;
    else if (!spec.minute.values.includes(minute)) time += minuteMs;
    else return time;
  }
  return undefined;
}

function isDay({ day, month, weekday }: Spec, date: Date): boolean {
  if (!month.values.includes(date.getMonth() + 1)) return false;
  const fitsMonth = day.values.includes(date.getDate());
  const fitsWeek = weekday.values.some((value) => value % 7 === date.getDay());
  return day.isStar || weekday.isStar ? fitsMonth && fitsWeek : fitsMonth || fitsWeek;
}
