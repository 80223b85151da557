import { Cron } from 'croner';
import type { CronCalendar, CronTimes } from '../../port/cron-calendar.ts';

/** Expressions that were read, with their next times: reading one costs more than asking it. */
const remembered = 200;

/** The library would also take a date, or more fields. */
const fiveFields = /^(?:@[a-z]+|\S+(?:\s+\S+){4})$/;

/** Cron expressions by the library croner. */
export function makeCronCalendar(): CronCalendar {
  const cache = new Map<string, Cron>();

  function read({ cron, timeZone }: CronTimes): Cron {
    const key = `${timeZone} ${cron}`;
    const known = cache.get(key);
    if (known) return known;
    // Without a function to call it only tells times.
    const made = new Cron(cron, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
    if (cache.size >= remembered) cache.clear();
    cache.set(key, made);
    return made;
  }

  return {
    faultOf(times) {
      if (!isTimeZone(times.timeZone))
        return { field: 'time_zone', reason: 'must be an IANA time zone such as Europe/Madrid' };
      if (!fiveFields.test(times.cron))
        return { field: 'cron', reason: 'must be five fields, or a name such as @daily' };
      try {
        const isEver = read(times).nextRuns(1, new Date()).length > 0;
        return isEver ? undefined : { field: 'cron', reason: 'names a time that never comes' };
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return {
          field: 'cron',
          reason: `cannot be read: ${text.replace(/^CronPattern: /, '').slice(0, 200)}`,
        };
      }
    },
    next: (times, after, count) => read(times).nextRuns(count, new Date(after)).map(Number),
    // Runs before its reference, so that one at that very time counts.
    previous: (times, upTo, count) =>
      read(times)
        .previousRuns(count, new Date(upTo + 1))
        .map(Number),
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
