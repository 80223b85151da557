/** Times that come again and again: a cron expression, read in a time zone. */
export interface CronTimes {
  cron: string;
  timeZone: string;
}

/**
 * Reads cron expressions of five fields. In a time zone whose clock jumps: a fixed time that the jump leaves out comes at the end of the
 * jump, one that comes twice is taken once, at the first; an expression with a wildcard or a step in its hours or minutes goes by
 * what has really passed.
 */
export interface CronCalendar {
  /** What is wrong with the expression or the time zone, or that it never comes; undefined when nothing is. */
  faultOf(times: CronTimes): { field: 'cron' | 'time_zone'; reason: string } | undefined;
  /** The next times after a time, milliseconds since the epoch. */
  next(times: CronTimes, after: number, count: number): number[];
  /** The last times up to and with a time, latest first. */
  previous(times: CronTimes, upTo: number, count: number): number[];
}
