const firstMs = 500;
const longestMs = 60_000;

/** Pause before the next attempt after so many failures in a row, jittered so that many clients do not come back at once. */
export function pauseAfter(failures: number, random: () => number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
  return full / 2 + (full / 2) * random();
}
