import { BatutaError } from '@batuta/contract';
import type { Refusal } from './permit-desk.ts';

/** The error of a limit that is reached. */
export function limitReached({ bucket, retryAfterMs }: Refusal): BatutaError<'rate-limited'> {
  return new BatutaError('rate-limited', { ...bucket.rule, retry_after_seconds: secondsOf(retryAfterMs) });
}

/** Whole seconds to wait: never none, and never too few. */
export function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
