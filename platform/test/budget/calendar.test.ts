import { expect, test } from 'vitest';
import { makeCalendar } from '../../src/domain/budget/calendar.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

test.each([
  ['UTC', '2026-11-21T23:59:59.999Z', '2026-11-21', '2026-11-22T00:00:00.000Z'],
  ['America/Sao_Paulo', '2026-11-22T02:30:00Z', '2026-11-21', '2026-11-22T03:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-21T18:20:00Z', '2026-11-22', '2026-11-22T18:15:00.000Z'],
  // Days of 23 and of 25 hours.
  ['Europe/Madrid', '2026-03-28T23:00:00Z', '2026-03-29', '2026-03-29T22:00:00.000Z'],
  ['Europe/Madrid', '2026-10-24T22:00:00Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
])('a day in %s at %s is %s and ends at %s', (...[zone, now, key, end]) => {
  const calendar = makeCalendar(zone);
  expect(calendar.keyOf('day', at(now))).toBe(key);
  expect(iso(calendar.endOf('day', at(now)))).toBe(end);
});

test.each([
  ['UTC', '2026-12-31T23:59:00Z', '2026-12', '2027-01-01T00:00:00.000Z'],
  ['UTC', '2028-02-01T00:00:00Z', '2028-02', '2028-03-01T00:00:00.000Z'],
  ['America/Sao_Paulo', '2026-12-01T01:00:00Z', '2026-11', '2026-12-01T03:00:00.000Z'],
])('a month in %s at %s is %s and ends at %s', (...[zone, now, key, end]) => {
  const calendar = makeCalendar(zone);
  expect(calendar.keyOf('month', at(now))).toBe(key);
  expect(iso(calendar.endOf('month', at(now)))).toBe(end);
});
