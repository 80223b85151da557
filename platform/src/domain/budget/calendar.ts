/** Days and months as a time zone has them. */
export interface BudgetCalendar {
  /** `2026-11-21` or `2026-11`. */
  keyOf(per: 'day' | 'month', at: number): string;
  /** Milliseconds since the epoch at which the day or month of `at` is over. */
  endOf(per: 'day' | 'month', at: number): number;
}

const minuteMs = 60_000;
/** Longer than any day or month, summer time and leap years included. */
const longestMs = { day: 26 * 60 * minuteMs, month: 32 * 24 * 60 * minuteMs };

/** A calendar of a time zone. Offsets of time zones are whole minutes, so each minute is looked up once. */
export function makeCalendar(timeZone: string): BudgetCalendar {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  let last = { minute: Number.NaN, day: '' };
  const dayOf = (at: number): string => {
    const minute = Math.floor(at / minuteMs);
    if (last.minute !== minute) last = { minute, day: format.format(minute * minuteMs) };
    return last.day;
  };
  const keyOf = (per: 'day' | 'month', at: number): string =>
    per === 'day' ? dayOf(at) : dayOf(at).slice(0, 7);
  return { keyOf, endOf: (per, at) => findEnd(at, longestMs[per], (moment) => keyOf(per, moment)) };
}

/** The first minute whose key is another one. */
function findEnd(at: number, longest: number, keyOf: (moment: number) => string): number {
  const key = keyOf(at);
  let same = Math.floor(at / minuteMs);
  let other = same + Math.ceil(longest / minuteMs);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (keyOf(middle * minuteMs) === key) same = middle;
    else other = middle;
  }
  return other * minuteMs;
}
