import { expect, it } from 'vitest';
import { dayOf, daysBetween, firstOfMonth, lastOfMonth, shiftDay } from '../../src/domain/economy/days.ts';

it('an instant is of another day in another time zone', () => {
  const instant = Date.parse('2026-03-01T02:30:00Z');
  expect(dayOf(instant, 'UTC')).toBe('2026-03-01');
  expect(dayOf(instant, 'America/Sao_Paulo')).toBe('2026-02-28');
});

it('days are counted over months, leap years and changes of the clock', () => {
  expect(shiftDay('2028-02-28', 1)).toBe('2028-02-29');
  expect(shiftDay('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
  expect(daysBetween('2026-04-01', '2026-03-31')).toBe(-1);
});

it('a month has its first and its last day', () => {
  expect(firstOfMonth('2026-02-17')).toBe('2026-02-01');
  expect(lastOfMonth('2026-02-17')).toBe('2026-02-28');
  expect(lastOfMonth('2026-12-01')).toBe('2026-12-31');
});
