/** Failures in a row after which nothing is sent for a while. */
const opensAfter = 3;
const firstPauseMs = 30_000;
const longestPauseMs = 10 * 60_000;

/**
 * The circuit of one webhook.
 *
 * - closed (fewer than three failures in a row): deliveries are sent side by side.
 * - open (`pausedUntil` lies ahead): nothing is sent, and nothing counts as tried.
 * - half open (after that): one delivery is sent; its success closes the circuit, its failure opens it for twice as long.
 */
export function isFailing(failures: number): boolean {
  return failures >= opensAfter;
}

/** Until when nothing is sent after this many failures in a row; null: go on. */
export function pausedUntil(failures: number, now: number): number | null {
  if (!isFailing(failures)) return null;
  return now + Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(20, failures - opensAfter));
}
