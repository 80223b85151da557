/**
 * A crash order as text: `point:nth:action[:filter,...]`, for example `commit-before:3:kill` or
 * `tool-after:1:kill:run=2,name=send`.
 *
 * - `point`: a point of the engine's probe.
 * - `nth`: which arrival at it, from 1; only arrivals that pass the filters count.
 * - `action`: `kill` (SIGKILL) or `stop` (SIGSTOP: the process stands still until SIGCONT).
 * - filters: `run=N` (the N-th run that this process has seen since the order was given), `name=` (tool or model),
 *   `event=` (a kind among the events of a commit). Not a filter: `linger=N` holds the run at the point for N milliseconds
 *   first, so that whatever was started too early gets out into the world.
 */
import { BatutaError } from '@batuta/contract';
import { probePoints, type ProbePoint } from '@batuta/platform/ports';
import { z } from 'zod';

/** What a process does to itself at a point. */
export type CrashAction = 'kill' | 'stop';

/** Where and how a process crashes. */
export interface CrashOrder {
  point: ProbePoint;
  nth: number;
  action: CrashAction;
  run?: number | undefined;
  name?: string | undefined;
  event?: string | undefined;
  linger?: number | undefined;
}

const orderSchema = z.strictObject({
  point: z.enum(probePoints),
  nth: z.coerce.number().int().min(1),
  action: z.enum(['kill', 'stop']),
  run: z.coerce.number().int().min(1).optional(),
  name: z.string().min(1).optional(),
  event: z.string().min(1).optional(),
  linger: z.coerce.number().int().min(1).max(10_000).optional(),
});

/** Name of the environment variable that carries an order. */
export const crashVariable = 'BATUTA_CRASH';

/** Reads an order. Errors: `configuration-invalid`. */
export function parseCrashOrder(text: string): CrashOrder {
  const [point, nth, action, filters = '', ...rest] = text.split(':');
  const pairs = filters.split(',').filter((pair) => pair !== '');
  const fields = pairs.map((pair) => [pair.split('=')[0], pair.split('=').slice(1).join('=')]);
  const parsed = orderSchema.safeParse({ point, nth, action, ...Object.fromEntries(fields) });
  if (parsed.success && rest.length === 0) return parsed.data;
  throw new BatutaError('configuration-invalid', {
    name: crashVariable,
    source: 'environment',
    reason: `must be point:nth:kill|stop[:run=N,name=N,event=KIND,linger=MS], for example "commit-before:3:kill", not "${text}"`,
  });
}

/** Writes an order as `parseCrashOrder` reads it. */
export function formatCrashOrder({ point, nth, action, ...filters }: CrashOrder): string {
  const given = Object.entries(filters).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value}`],
  );
  return [point, nth, action, ...(given.length > 0 ? [given.join(',')] : [])].join(':');
}
