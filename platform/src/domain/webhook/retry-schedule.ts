const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second ... failed attempt: thirteen attempts over three days. */
const pausesMs = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  12 * hour,
  18 * hour,
  26 * hour,
];

/** Pauses differ by up to this part, so that what failed together does not come back together. */
const jitter = 0.1;

/** No receiver can put a message off for longer at once. */
const longestRetryAfterMs = 24 * hour;

/** How long a delivery is tried at most, whatever receivers ask for. */
export const deliveryLifetimeMs = 80 * hour;

/** What decides about the next attempt. `random`: from 0 to 1. */
export interface FailedAttempt {
  /** 1 for the first. */
  attempt: number;
  at: number;
  expiresAt: number;
  retryAfter: string | null;
  random: number;
}

/** When a failed delivery is tried again; null when it is given up. */
export function nextAttempt({ attempt, at, expiresAt, retryAfter, random }: FailedAttempt): number | null {
  const pause = pausesMs[attempt - 1];
  if (pause === undefined) return null;
  const spread = pause * (1 - jitter + 2 * jitter * random);
  const asked = Math.min(readRetryAfter(retryAfter, at) ?? 0, longestRetryAfterMs);
  const next = at + Math.round(Math.max(spread, asked));
  return next > expiresAt ? null : next;
}

/** Milliseconds that a `retry-after` header asks for: seconds, or a date. */
function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * second;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
