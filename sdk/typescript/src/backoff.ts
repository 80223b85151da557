const firstMs = 250;
const longestMs = 10_000;

/** Milliseconds before the next try: doubles with each failure, spread so that clients do not come back all at once. */
export function backoffMs(failures: number, random: () => number): number {
  const most = Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
  return most * (0.5 + random() / 2);
}

/** What the server asks for in `Retry-After` (in seconds), at most a minute; undefined when it does not ask. */
export function askedDelayMs(answer: Response): number | undefined {
  const header = answer.headers.get('retry-after');
  if (header === null || !/^\d+$/.test(header)) return undefined;
  return Math.min(60, Number(header)) * 1000;
}
