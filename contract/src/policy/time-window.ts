import { z } from 'zod';

/** Days of the week as rules name them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const timeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "09:30", in quotation marks');

/** When a rule holds. A window that ends before it begins goes over midnight and belongs to the day on which it begins. */
export const timeWindowSchema = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1).max(7).optional(),
  /** Absent: from midnight. */
  from: timeOfDay.optional(),
  /** The first minute after the window. Absent: to midnight. */
  until: timeOfDay.optional(),
  /** Name of the zone, such as Europe/Madrid. */
  zone: z.string().refine(isZone, 'must be a time zone such as Europe/Madrid or UTC'),
});
/** When a rule holds. */
export type TimeWindow = z.infer<typeof timeWindowSchema>;

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
