import { ConfigError } from '../errors';

export interface CronField {
  /** What matches, sorted. */
  readonly values: readonly number[];
  /** Whether it begins with `*`, with a step or without. */
  readonly isStar: boolean;
}

/** One of the five fields of a cron line. */
export interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names for numbers, from `min` on. */
  readonly names?: readonly string[];
}

/** Reads `*`, numbers, ranges, both with steps, and lists of these. @throws ConfigError 'invalid_value', naming the field. */
export function parseCronField(text: string, rule: FieldRule): CronField {
  const values = text.split(',').flatMap((part) => valuesOf(part, rule));
  return { values: [...new Set(values)].sort((one, other) => one - other), isStar: text.startsWith('*') };
}

function valuesOf(part: string, rule: FieldRule): readonly number[] {
  const [range = '', stepText, ...more] = part.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  const isStep = stepText === undefined || (/^\d+$/.test(stepText) && step > 0);
  if (!isStep || more.length > 0) throw bad(part, rule, 'A step is a whole number from 1 on, as in */5.');
  const [from, to] = endsOf(range, part, rule);
  if (stepText !== undefined && range !== '*' && !range.includes('-'))
    throw bad(part, rule, `A step needs a range: write ${from}-${rule.max}/${step}.`);
  if (from > to) throw bad(part, rule, 'A range goes from the smaller to the larger.');
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function endsOf(range: string, part: string, rule: FieldRule): readonly [number, number] {
  if (range === '*') return [rule.min, rule.max];
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) throw bad(part, rule, 'A range has two ends, as in 1-5.');
  const from = numberOf(first, part, rule);
  if (last === undefined) return [from, from];
  const to = numberOf(last, part, rule);
  // Sunday is 0 and 7: at the end of a range it is the day after Saturday.
  return [from, to === 0 && from > 0 && rule.max === 7 ? 7 : to];
}

function numberOf(text: string, part: string, rule: FieldRule): number {
  const { min, max, names = [] } = rule;
  const place = names.indexOf(text.toLowerCase());
  const value = place >= 0 ? min + place : /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const named = names.length > 0 ? ` or a name such as ${names[0] ?? ''}` : '';
  throw bad(part, rule, `Give a number from ${min} to ${max}${named}.`);
}

function bad(part: string, { name }: FieldRule, advice: string): ConfigError {
  return new ConfigError('invalid_value', `The ${name} of a cron line cannot be ${JSON.stringify(part)}.`, { advice });
}
