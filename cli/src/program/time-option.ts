import { InvalidArgumentError } from 'commander';
import type { Translate } from '../text/language.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads the value of an option that is a time: a date, or how long ago it is. */
export function timeOption(
  option: { name: string; value: string | undefined; now: number },
  say: Translate,
): string | undefined {
  const { name, value, now } = option;
  if (value === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  const isDate = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?$/.test(value);
  const time =
    count === undefined
      ? isDate
        ? Date.parse(value)
        : Number.NaN
      : now - Number(count) * (unitMs[unit] ?? 0);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError(say('usage.invalidValue', { name, value, expected: say('expected.time') }));
}
