import { InvalidArgumentError } from 'commander';
import type { Translate } from '../text/language.ts';

/** Reads the value of an option that is a number between two others. */
export function numberOption(
  option: { name: string; value: string; least: number; most: number },
  say: Translate,
): number {
  const { name, value, least, most } = option;
  const number = Number(value);
  if (value.trim() !== '' && number >= least && number <= most) return number;
  const expected = say('expected.number', { least, most });
  throw new InvalidArgumentError(say('usage.invalidValue', { name, value, expected }));
}
