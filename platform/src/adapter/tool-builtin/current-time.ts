import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';

const input = z.strictObject({
  time_zone: z
    .string()
    .max(64)
    .optional()
    .describe('IANA time zone such as Europe/Madrid or America/Sao_Paulo. Without it: UTC.'),
});

/** The tool `current_time`. */
export const currentTimeTool: DefinedTool = defineTool({
  name: 'current_time',
  description: 'Tells the current date, weekday and time, as ISO 8601 and in words.',
  input,
  annotations: { readOnly: true, openWorld: false },
  execute: ({ time_zone: timeZone = 'UTC' }, context) => timeIn(timeZone, new Date(context.now())),
});

function timeIn(timeZone: string, now: Date): string {
  const parts = partsOf(timeZone, now);
  const day = `${parts['year']}-${parts['month']}-${parts['day']}`;
  const time = `${parts['hour']}:${parts['minute']}:${parts['second']}`;
  // `longOffset` is "GMT+05:30", for some zones only "GMT".
  const offset = (parts['timeZoneName'] ?? '').slice(3) || '+00:00';
  const words = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full', timeStyle: 'short' }).format(
    now,
  );
  return `${day}T${time}${offset}\n${words} (${timeZone})`;
}

function partsOf(timeZone: string, now: Date): Readonly<Record<string, string>> {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    return Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  } catch (error) {
    const reason = `there is no time zone "${timeZone}"; use an IANA name such as Europe/Madrid or UTC`;
    throw new BatutaError('tool-failed', { tool: 'current_time', reason }, { cause: error });
  }
}
