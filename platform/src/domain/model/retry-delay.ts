/** Bounds of the wait before another try, in milliseconds. */
export interface BackoffRule {
  baseMs: number;
  capMs: number;
}

/**
 * How long to wait before try number `attempt + 1`: what the provider asked for, else a random time between half of and
 * all of `base * 2^(attempt - 1)`, at most the cap. `random` is in [0, 1): it keeps many runs from returning at once.
 */
export function retryDelay(
  rule: BackoffRule,
  failed: { attempt: number; retryAfterMs: number | null },
  random: number,
): number {
  if (failed.retryAfterMs !== null) return failed.retryAfterMs;
  const full = Math.min(rule.capMs, rule.baseMs * 2 ** (failed.attempt - 1));
  return Math.round(full / 2 + (random * full) / 2);
}
