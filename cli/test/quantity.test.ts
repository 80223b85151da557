import { expect, test } from 'vitest';
import { formatMoment } from '../src/terminal/quantity.ts';

const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts);

test('a moment is written as the clock of this machine shows it', () => {
  expect(formatMoment(local(2027, 2, 1, 9, 5, 7).toISOString())).toBe('2027-03-01 09:05:07');
});

test('a moment of today is written without the date', () => {
  const now = local(2027, 2, 1, 0, 0, 1).getTime();
  expect(formatMoment(local(2027, 2, 1, 23, 59, 59).toISOString(), now)).toBe('23:59:59');
  expect(formatMoment(local(2027, 2, 2, 0, 0, 0).toISOString(), now)).toBe('2027-03-02 00:00:00');
});

test('what is no time is written as it is', () => {
  expect(formatMoment('soon')).toBe('soon');
});
