import { describe, expect, it, test } from 'vitest';
import { makeCronCalendar } from '../../src/adapter/cron-croner/croner-calendar.ts';

const calendar = makeCronCalendar();

function next([cron, timeZone]: readonly [string, string], after: string, count: number): string[] {
  const times = calendar.next({ cron, timeZone }, Date.parse(after), count);
  return times.map((time) => new Date(time).toISOString().slice(0, 16));
}

test.each([
  ['0 9 * * MON-FRI', 'UTC', ['2026-11-23T09:00', '2026-11-24T09:00']],
  ['*/20 * * * *', 'UTC', ['2026-11-21T12:20', '2026-11-21T12:40']],
  ['0 0 1 JAN *', 'UTC', ['2027-01-01T00:00', '2028-01-01T00:00']],
  ['@daily', 'America/Sao_Paulo', ['2026-11-22T03:00', '2026-11-23T03:00']],
  ['@weekly', 'UTC', ['2026-11-22T00:00', '2026-11-29T00:00']],
  ['0 8 * * *', 'Asia/Kolkata', ['2026-11-22T02:30', '2026-11-23T02:30']],
  ['0 0 29 2 *', 'UTC', ['2028-02-29T00:00', '2032-02-29T00:00']],
])('%s in %s', (cron, timeZone, expected) => {
  expect(next([cron, timeZone], '2026-11-21T12:00:00Z', 2)).toEqual(expected);
});

describe('when the clock of a time zone jumps', () => {
  const spring = '2026-03-28T12:00:00Z';
  const autumn = '2026-10-24T12:00:00Z';

  it('takes a time that is left out at the end of the jump, on the same day', () => {
    const days = ['2026-03-29T01:00', '2026-03-30T00:30'];
    expect(next(['30 2 * * *', 'Europe/Madrid'], spring, 2)).toEqual(days);
  });

  it('takes a time that comes twice once, at the first', () => {
    const days = ['2026-10-25T00:30', '2026-10-26T01:30'];
    expect(next(['30 2 * * *', 'Europe/Madrid'], autumn, 2)).toEqual(days);
    expect(next(['15,45 1 * * *', 'America/New_York'], '2026-10-31T12:00:00Z', 3)).toEqual([
      '2026-11-01T05:15',
      '2026-11-01T05:45',
      '2026-11-02T06:15',
    ]);
  });

  it('goes by what has really passed where there is a step', () => {
    const times = next(['*/30 * * * *', 'Europe/Madrid'], '2026-10-24T23:59:00Z', 7);
    const gaps = times.slice(1).map((time, index) => Date.parse(`${time}Z`) - Date.parse(`${times[index]}Z`));
    expect(gaps).toEqual(Array(6).fill(30 * 60_000));
  });

  it('tells the same times backwards', () => {
    for (const cron of ['30 2 * * *', '*/30 * * * *', '0 1-3 * * *']) {
      const times = { cron, timeZone: 'Europe/Madrid' };
      const ahead = calendar.next(times, Date.parse(autumn), 40);
      expect(calendar.previous(times, ahead.at(-1) ?? 0, 40).toReversed()).toEqual(ahead);
    }
  });
});

test.each([
  ['61 * * * *', 'UTC', 'cron'],
  ['0 0 30 2 *', 'UTC', 'cron'],
  ['* * * * * *', 'UTC', 'cron'],
  ['0 9 * * FUNDAY', 'UTC', 'cron'],
  ['@reboot', 'UTC', 'cron'],
  ['2027-01-01T00:00:00', 'UTC', 'cron'],
  ['0 9 * * *', 'Mars/Olympus', 'time_zone'],
  ['0 9 * * *', '', 'time_zone'],
])('says what is wrong with %s in "%s"', (cron, timeZone, field) => {
  expect(calendar.faultOf({ cron, timeZone })?.field).toBe(field);
});
