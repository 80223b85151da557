import { weekdays, type TimeWindow } from '@batuta/contract';

const minutesADay = 24 * 60;

/** Whether an instant lies in a window. */
export function compileTimeWindow(window: TimeWindow): (now: number) => boolean {
  const days = new Set<string>(window.days ?? weekdays);
  const from = minutesOf(window.from ?? '00:00');
  const until = window.until === undefined ? minutesADay : minutesOf(window.until);
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: window.zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (now) => {
    const { day, minute } = localTime(local, now);
    if (from < until) return days.has(day) && minute >= from && minute < until;
    return (days.has(day) && minute >= from) || (days.has(dayBefore(day)) && minute < until);
  };
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function localTime(format: Intl.DateTimeFormat, now: number): { day: string; minute: number } {
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const minute = Number(parts.get('hour') ?? 0) * 60 + Number(parts.get('minute') ?? 0);
  return { day: (parts.get('weekday') ?? '').toLowerCase().slice(0, 3), minute };
}

function dayBefore(day: string): string {
  const place = weekdays.findIndex((each) => each === day);
  return weekdays.at(place - 1) ?? '';
}
