/*
 * Days as they are written: 2026-11-21. They are days of a calendar, not instants: a day has no length here and no time zone.
 */

const dayMs = 86_400_000;

/** The day of an instant (milliseconds since the epoch) in a time zone. */
export function dayOf(instant: number, timeZone: string): string {
  const format = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-CA', format).format(instant);
}

/** The day so many days later, or earlier. */
export function shiftDay(day: string, days: number): string {
  return written(Date.parse(day) + days * dayMs);
}

/** Days from one to the other; negative when it is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

/** The first day of a day's month. */
export function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** The last day of a day's month. */
export function lastOfMonth(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return written(Date.UTC(year, month, 0));
}

function written(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
