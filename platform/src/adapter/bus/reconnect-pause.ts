const firstMs = 50;
const longestMs = 5000;

/** Milliseconds to wait before attempt `attempt` (from 1) to connect again: doubling, with chance so that not all come at once. */
export function reconnectPause(attempt: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return full / 2 + Math.random() * (full / 2);
}
